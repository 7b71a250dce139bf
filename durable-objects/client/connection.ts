import type { CapacityMirror } from "./capacity.ts";

/**
 * What a socket's attachment carries, so that it outlives hibernation: everything that is as mortal as
 * the connection itself. Times are ms.
 */
export type SocketState = Greeting | Connection;

/** Accepted, and no `hello` yet. */
export interface Greeting {
  readonly kind: "greeting";
  readonly since: number;
}

/** Welcomed: this epoch's connection. */
export interface Connection {
  readonly kind: "open";
  readonly epoch: number;
  /** Of the last batch sent. */
  readonly seq: number;
  /**
   * Of the last batch that the client acknowledged. An ack is kept here and not written as a row: it is
   * stored with the next change of its page, or when the connection ends.
   */
  readonly ackedSeq: number;
  readonly connectedAt: number;
  /** When the client last sent a frame. */
  readonly heardAt: number;
  readonly lastFlushAt: number | null;
  /**
   * When batches were last given up for want of an ack. Until the client is heard after it the socket may
   * be dead, and a dead socket must not use up the attempts of a task.
   */
  readonly gaveUpAt: number | null;
  /** Deliveries that the client came back without are given up at this time; null when there are none. */
  readonly settleAt: number | null;
  readonly capacity: CapacityMirror;
}

/** A fault of the connection: it is closed with this code. */
export interface ConnectionFault {
  readonly closeCode: number;
  readonly detail: string;
}

/** How often the client is asked to ping. */
export const HEARTBEAT_MS = 30_000;
/** A connection silent for this long is taken as dead: two and a half heartbeats. */
export const SILENCE_MS = 75_000;
/** A socket that has not said hello by then is closed. */
export const HELLO_TIMEOUT_MS = 10_000;
/** Sockets of one client that may wait for their hello at a time. */
export const MAX_GREETINGS = 4;

/** Whether the client has been heard lately: a frame, or a ping that the runtime answered. */
export function isAlive(connection: Connection, lastPingAt: number | null, now: number): boolean {
  return now - Math.max(connection.heardAt, lastPingAt ?? 0) < SILENCE_MS;
}

/** Takeovers of a live socket that are remembered, and how many within how long look like two machines. */
const TAKEOVERS_REMEMBERED = 8;
const TAKEOVERS_SUSPECT = 4;
const TAKEOVER_WINDOW_MS = 120_000;

/** Adds a takeover to those remembered. One machine behind a dead socket takes over once, not in turn. */
export function noteTakeover(takeovers: readonly number[], now: number): readonly number[] {
  return [...takeovers, now].slice(-TAKEOVERS_REMEMBERED);
}

/** Two machines with one identity displace each other again and again. */
export function isCloneSuspected(takeovers: readonly number[], now: number): boolean {
  return takeovers.filter((at) => now - at < TAKEOVER_WINDOW_MS).length >= TAKEOVERS_SUSPECT;
}
