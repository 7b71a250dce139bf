import {
  CLOSE_CODES,
  type ClientView,
  type HelloFrame,
  ok,
  PING,
  PONG,
  parseClientFrame,
  type Result,
} from "@sluice/protocol";
import { nearest } from "./alarm.ts";
import { viewClient } from "./client-view.ts";
import { HELLO_TIMEOUT_MS, isAlive } from "./connection.ts";
import { type ConnectionFault, Dispatch } from "./dispatch.ts";
import { linkAfterHello } from "./link.ts";
import type { Refusal } from "./rpc.ts";
import { closeQuietly, readSocketState, sendQuietly, writeSocketState } from "./sockets.ts";
import { type Identity, type LinkRow, NEW_LINK, type Storage } from "./storage.ts";

/** What the platform keeps of an object's sockets. */
export type Sockets = Pick<
  DurableObjectState,
  "getWebSockets" | "getWebSocketAutoResponseTimestamp" | "setWebSocketAutoResponse"
>;

const BINARY_FRAME = { closeCode: CLOSE_CODES.protocol, detail: "frames are text" };
const NO_HELLO = { closeCode: CLOSE_CODES.protocol, detail: "the first frame must be hello" };
const SUPERSEDED = { closeCode: CLOSE_CODES.superseded, detail: "superseded" };
const UNKNOWN_CLIENT = { closeCode: CLOSE_CODES.unauthenticated, detail: "unknown client" };

/** The answer for a client that was never enrolled, or was deleted. */
export const NO_CLIENT: Refusal = { code: "not_found", detail: "no such client" };

/**
 * An enrolled client in memory: who it is, its link, its dispatch and which socket is its connection.
 * Built anew from the store and the sockets after every sleep and every event that failed.
 */
export class Session {
  readonly dispatch: Dispatch;
  readonly #sockets: Sockets;
  readonly #storage: Storage;
  #identity: Identity;
  #link: LinkRow = NEW_LINK;
  #socket: WebSocket | null = null;

  private constructor(sockets: Sockets, storage: Storage, identity: Identity) {
    this.#sockets = sockets;
    this.#storage = storage;
    this.#identity = identity;
    this.#link = storage.link();
    this.dispatch = new Dispatch(storage, identity.paused);
    sockets.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
    for (const socket of sockets.getWebSockets()) this.#takeUp(socket);
  }

  /** The session of a stored client; null for one that was deleted or never enrolled. */
  static load(sockets: Sockets, storage: Storage): Session | null {
    const identity = storage.identity();
    if (identity === null || identity.deletedAt !== null) return null;
    return new Session(sockets, storage, identity);
  }

  get identity(): Identity {
    return this.#identity;
  }

  save(identity: Identity): void {
    this.#identity = identity;
    this.#storage.saveIdentity(identity);
  }

  /** The client as its operator sees it. */
  view(now: number): Result<ClientView, Refusal> {
    return ok(viewClient(this.#identity, this.#link, this.dispatch, this.lastPingAt, now));
  }

  /** When the connected client last pinged, as the runtime noted it without waking the object; ms. */
  get lastPingAt(): number | null {
    if (this.#socket === null) return null;
    return this.#sockets.getWebSocketAutoResponseTimestamp(this.#socket)?.getTime() ?? null;
  }

  /** When {@link endSilent} or the dispatch wants to be called, ms; null when neither does. */
  wakeAt(): number | null {
    const greetings = this.greetings().map(({ since }) => since + HELLO_TIMEOUT_MS);
    return nearest(this.dispatch.wakeAt(), ...greetings);
  }

  /** Takes one frame; a fault ends the socket. */
  receive(socket: WebSocket, message: string | ArrayBuffer, now: number): ConnectionFault | null {
    const state = readSocketState(socket);
    if (state === null) return UNKNOWN_CLIENT;
    if (typeof message !== "string") return BINARY_FRAME;
    const frame = parseClientFrame(message);
    if (!frame.ok) return frame.error;
    if (state.kind === "greeting") {
      if (frame.value.type !== "hello") return NO_HELLO;
      this.#greet(socket, frame.value, now);
      return null;
    }
    return socket === this.#socket ? this.dispatch.receive(frame.value, now) : SUPERSEDED;
  }

  /** Writes what the socket must remember over a sleep. */
  remember(): void {
    const { connection } = this.dispatch;
    if (this.#socket !== null && connection !== null) writeSocketState(this.#socket, connection);
  }

  /** Ends a socket; if it was the connection, the client is offline from here on. */
  end(socket: WebSocket, code: number, reason: string, now: number): void {
    closeQuietly(socket, code, reason);
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.dispatch.disconnect();
    this.#link = { ...this.#link, lastSeenAt: now };
    this.#storage.saveLink(this.#link);
  }

  endAll(code: number, reason: string, now: number): void {
    for (const socket of this.#sockets.getWebSockets()) this.end(socket, code, reason, now);
  }

  /** Closes sockets that never said hello, and a connection that has died without a word. */
  endSilent(now: number): void {
    for (const { socket, since } of this.greetings()) {
      if (now - since >= HELLO_TIMEOUT_MS) this.end(socket, CLOSE_CODES.noHello, "no hello", now);
    }
    if (this.#socket !== null && !this.#isAlive(now)) {
      this.end(this.#socket, CLOSE_CODES.comeBackLater, "silent", now);
    }
  }

  /** Open sockets that have not said hello yet. */
  greetings(): readonly { readonly socket: WebSocket; readonly since: number }[] {
    return this.#sockets.getWebSockets().flatMap((socket) => {
      const state = readSocketState(socket);
      const waits = state?.kind === "greeting" && socket.readyState === WebSocket.OPEN;
      return waits ? [{ socket, since: state.since }] : [];
    });
  }

  /** A hello arrived: the newest socket wins, the older is closed. */
  #greet(socket: WebSocket, hello: HelloFrame, now: number): void {
    const older = this.#socket;
    this.#link = linkAfterHello(this.#link, hello, older !== null && this.#isAlive(now), now);
    this.#storage.saveLink(this.#link);
    this.#saveFacts(hello);
    this.#socket = socket;
    if (older !== null) closeQuietly(older, CLOSE_CODES.superseded, "superseded");
    const wire = { send: (text: string) => sendQuietly(socket, text) };
    this.dispatch.hello(hello, wire, this.#link.epoch, this.#identity.client, now);
  }

  #saveFacts({ facts }: HelloFrame): void {
    if (facts === undefined) return;
    const unchanged = JSON.stringify(facts) === JSON.stringify(this.#identity.facts);
    if (!unchanged) this.save({ ...this.#identity, facts });
  }

  #isAlive(now: number): boolean {
    const { connection } = this.dispatch;
    return connection !== null && isAlive(connection, this.lastPingAt, now);
  }

  /** Takes up a socket that outlived a sleep, if it is the newest connection. */
  #takeUp(socket: WebSocket): void {
    const state = readSocketState(socket);
    if (state?.kind !== "open" || state.epoch !== this.#link.epoch) return;
    this.#socket = socket;
    this.dispatch.restore(state, { send: (text) => sendQuietly(socket, text) });
  }
}
