import type { ClientFrame, ServerFrame } from "@sluice/protocol";

interface Sent<Frame> {
  readonly frame: Frame;
  readonly at: number;
}

/** One socket between the client and the server: keeps order, delays at will, and dies without a word. */
export class Line {
  readonly toServer: Sent<ClientFrame>[] = [];
  readonly toClient: Sent<ServerFrame>[] = [];
  /** Null until the server has welcomed it. */
  epoch: number | null = null;
  /** The client's end is open. */
  open = true;
  /** Delays beyond the ack timeout happen: promises that hold for a working line do not. */
  stalled = false;

  /** When the oldest frame under way was sent; null when nothing is. */
  oldestAt(): number | null {
    const times = [this.toServer[0]?.at, this.toClient[0]?.at].filter((at) => at !== undefined);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** The client's end closes: what was under way to it is lost, what it sent may still arrive. */
  close(): void {
    this.open = false;
    this.toClient.length = 0;
  }
}
