import { byeText } from "@sluice/protocol";
import type { SocketState } from "./connection.ts";
import type { Line } from "./line.ts";
import { closeQuietly, readSocketState, sendQuietly, writeSocketState } from "./sockets.ts";

/** What the platform keeps of an object's sockets. */
export type Sockets = Pick<
  DurableObjectState,
  "getWebSockets" | "getWebSocketAutoResponseTimestamp" | "setWebSocketAutoResponse"
>;

/** A socket as a line. What it remembers is its attachment, which outlives the object's sleep. */
export class SocketLine implements Line {
  /** The runtime says when a socket closes, and pings need no alarm. */
  readonly silentAt = null;
  readonly isOverfull = false;
  readonly #socket: WebSocket;
  readonly #sockets: Sockets;

  constructor(socket: WebSocket, sockets: Sockets) {
    this.#socket = socket;
    this.#sockets = sockets;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  get state(): SocketState | null {
    return readSocketState(this.#socket);
  }

  /** The runtime answers pings without waking the object, and notes when. */
  get lastPingAt(): number | null {
    return this.#sockets.getWebSocketAutoResponseTimestamp(this.#socket)?.getTime() ?? null;
  }

  remember(state: SocketState): void {
    writeSocketState(this.#socket, state);
  }

  send(text: string): void {
    sendQuietly(this.#socket, text);
  }

  /** Says `bye` first, unless the other end closed before; a browser learns from it when to come back. */
  close(code: number, reason: string): void {
    if (this.isOpen) this.send(byeText(code, reason));
    closeQuietly(this.#socket, code, reason);
  }
}
