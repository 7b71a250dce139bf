import type { SocketState } from "./connection.ts";
import type { Wire } from "./desk.ts";

/** One way to a client: its socket, or its polls. It remembers what is as mortal as itself. */
export interface Line extends Wire {
  readonly isOpen: boolean;
  /** What was last remembered; null for a line that is not ours. */
  readonly state: SocketState | null;
  /** When the client last showed that it is there without a frame, ms. */
  readonly lastPingAt: number | null;
  /** When the line must be looked at because it tells nobody that it died, ms. */
  readonly silentAt: number | null;
  /** Whether it had to let go of frames, and must end so that the client asks for them again. */
  readonly isOverfull: boolean;
  remember(state: SocketState): void;
  /** Ends the line whatever its condition; to end a dead one is no error. */
  close(code: number, reason: string): void;
}
