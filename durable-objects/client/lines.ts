import { PING, PONG } from "@sluice/protocol";
import type { Line } from "./line.ts";
import { PollLine } from "./poll-line.ts";
import { SocketLine, type Sockets } from "./socket-line.ts";

/** All lines of a client: its sockets, as the platform keeps them, and its polls, as this object does. */
export class Lines {
  readonly #sockets: Sockets;
  readonly #known = new WeakMap<WebSocket, Line>();
  #polls: PollLine | null = null;

  constructor(sockets: Sockets) {
    this.#sockets = sockets;
    sockets.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  all(): readonly Line[] {
    const sockets = this.#sockets.getWebSockets().map((socket) => this.ofSocket(socket));
    return this.#polls?.isOpen ? [...sockets, this.#polls] : sockets;
  }

  /** The line of a socket, the same one each time. */
  ofSocket(socket: WebSocket): Line {
    const known = this.#known.get(socket) ?? new SocketLine(socket, this.#sockets);
    this.#known.set(socket, known);
    return known;
  }

  /** The polls that were welcomed under this epoch; null when they are over or forgotten. */
  pollsOf(epoch: number): PollLine | null {
    const state = this.#polls?.isOpen ? this.#polls.state : null;
    return state?.kind === "open" && state.epoch === epoch ? this.#polls : null;
  }

  /** Polls begin: the session closes those that they displace, if any. */
  openPolls(now: number): PollLine {
    this.#polls = new PollLine(now);
    return this.#polls;
  }
}
