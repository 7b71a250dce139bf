import {
  CLOSE_CODES,
  type ClientFrame,
  type ClientView,
  type HelloFrame,
  ok,
  parseClientFrame,
  type Result,
} from "@sluice/protocol";
import { nearest } from "../alarm.ts";
import { viewClient } from "./client-view.ts";
import { type ConnectionFault, HELLO_TIMEOUT_MS, isAlive } from "./connection.ts";
import { Dispatch } from "./dispatch.ts";
import type { Line } from "./line.ts";
import type { Lines } from "./lines.ts";
import { linkAfterHello } from "./link.ts";
import type { Refusal } from "./rpc.ts";
import { type Identity, type LinkRow, NEW_LINK, type Storage } from "./storage.ts";

const BINARY_FRAME = { closeCode: CLOSE_CODES.protocol, detail: "frames are text" };
export const NO_HELLO = {
  closeCode: CLOSE_CODES.protocol,
  detail: "the first frame must be hello",
};
export const SUPERSEDED = { closeCode: CLOSE_CODES.superseded, detail: "superseded" };
const UNKNOWN_CLIENT = { closeCode: CLOSE_CODES.unauthenticated, detail: "unknown client" };

/** The answer for a client that was never enrolled, or was deleted. */
export const NO_CLIENT: Refusal = { code: "not_found", detail: "no such client" };

/**
 * An enrolled client in memory: who it is, its link, its dispatch and which line is its connection.
 * Built anew from the store and the lines after every sleep and every event that failed.
 */
export class Session {
  readonly dispatch: Dispatch;
  readonly #lines: Lines;
  readonly #storage: Storage;
  #identity: Identity;
  #link: LinkRow = NEW_LINK;
  #line: Line | null = null;

  private constructor(lines: Lines, storage: Storage, identity: Identity) {
    this.#lines = lines;
    this.#storage = storage;
    this.#identity = identity;
    this.#link = storage.link.load();
    this.dispatch = new Dispatch(storage, identity.paused);
    for (const line of lines.all()) this.#takeUp(line);
  }

  /** The session of a stored client; null for one that was deleted or never enrolled. */
  static load(lines: Lines, storage: Storage): Session | null {
    const identity = storage.identity.load();
    if (identity === null || identity.deletedAt !== null) return null;
    return new Session(lines, storage, identity);
  }

  get identity(): Identity {
    return this.#identity;
  }

  /** Of the newest connection, whether it is open or not. */
  get epoch(): number {
    return this.#link.epoch;
  }

  save(identity: Identity): void {
    this.#identity = identity;
    this.#storage.identity.save(identity);
  }

  /** The client as its operator sees it. */
  view(now: number): Result<ClientView, Refusal> {
    return ok(viewClient(this.#identity, this.#link, this.dispatch, this.lastPingAt, now));
  }

  /** When the connected client last showed that it is there without a frame; ms. */
  get lastPingAt(): number | null {
    return this.#line?.lastPingAt ?? null;
  }

  /** When {@link endSilent} or the dispatch wants to be called, ms; null when neither does. */
  wakeAt(): number | null {
    const greetings = this.greetings().map(({ since }) => since + HELLO_TIMEOUT_MS);
    const { expiresAt } = this.#identity;
    return nearest(expiresAt, this.dispatch.wakeAt(), this.#line?.silentAt ?? null, ...greetings);
  }

  /** Takes what a socket carried; a fault ends the line. */
  hear(line: Line, message: string | ArrayBuffer, now: number): ConnectionFault | null {
    if (line.state === null) return UNKNOWN_CLIENT;
    if (typeof message !== "string") return BINARY_FRAME;
    const frame = parseClientFrame(message);
    return frame.ok ? this.receive(line, frame.value, now) : frame.error;
  }

  /** Takes one frame; a fault ends the line. */
  receive(line: Line, frame: ClientFrame, now: number): ConnectionFault | null {
    if (line.state?.kind === "greeting") {
      if (frame.type !== "hello") return NO_HELLO;
      this.#greet(line, frame, now);
      return null;
    }
    return line === this.#line ? this.dispatch.receive(frame, now) : SUPERSEDED;
  }

  /** After every event: has the line remember the connection, and ends a line that was sent too much. */
  remember(now: number): void {
    const line = this.#line;
    if (line?.isOverfull) this.end(line, CLOSE_CODES.comeBackLater, "too much was waiting", now);
    const { connection } = this.dispatch;
    if (connection !== null) this.#line?.remember(connection);
  }

  /** Ends a line; if it was the connection, the client is offline from here on. */
  end(line: Line, code: number, reason: string, now: number): void {
    line.close(code, reason);
    if (line !== this.#line) return;
    this.#line = null;
    this.dispatch.disconnect();
    this.#link = { ...this.#link, lastSeenAt: now };
    this.#storage.link.save(this.#link);
  }

  endAll(code: number, reason: string, now: number): void {
    for (const line of this.#lines.all()) this.end(line, code, reason, now);
  }

  /** Closes lines that never said hello, and a connection that has died without a word. */
  endSilent(now: number): void {
    for (const { line, since } of this.greetings()) {
      if (now - since >= HELLO_TIMEOUT_MS) this.end(line, CLOSE_CODES.noHello, "no hello", now);
    }
    if (this.#line !== null && !this.#isAlive(now)) {
      this.end(this.#line, CLOSE_CODES.comeBackLater, "silent", now);
    }
  }

  /** Open lines that have not said hello yet. */
  greetings(): readonly { readonly line: Line; readonly since: number }[] {
    return this.#lines.all().flatMap((line) => {
      const { state } = line;
      return state?.kind === "greeting" && line.isOpen ? [{ line, since: state.since }] : [];
    });
  }

  /** A hello arrived: the newest line wins, the older is closed. */
  #greet(line: Line, hello: HelloFrame, now: number): void {
    const older = this.#line;
    this.#link = linkAfterHello(this.#link, hello, older !== null && this.#isAlive(now), now);
    this.#storage.link.save(this.#link);
    this.#saveFacts(hello);
    this.#line = line;
    older?.close(CLOSE_CODES.superseded, "superseded");
    this.dispatch.hello(hello, line, this.#link.epoch, this.#identity.client, now);
    // What the same poll says after its hello is said on a line that has been welcomed.
    this.remember(now);
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

  /** Takes up a line that outlived a sleep or a failed event, if it is the newest connection. */
  #takeUp(line: Line): void {
    const { state } = line;
    if (state?.kind !== "open" || state.epoch !== this.#link.epoch) return;
    this.#line = line;
    this.dispatch.restore(state, line);
  }
}
