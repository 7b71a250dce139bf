import type { AckFrame, Capacity } from "@sluice/protocol";
import { arriveFrames, mirrorUpdate, release, type Unacknowledged } from "./capacity.ts";
import { type Connection, SILENCE_MS } from "./connection.ts";
import type { Desk } from "./desk.ts";
import { type LostDelivery, loseDeliveries } from "./losing.ts";
import type { TaskRecord } from "./record.ts";
import { expiryOf, optionsOf, type Segment } from "./segment.ts";
import { accept, end, isHeld } from "./transitions.ts";

/** A batch that is not acknowledged by then is sent again. */
export const ACK_TIMEOUT_MS = 10_000;
/** A delivery whose client never reports is given up this long after its time is over. */
export const OVERDUE_GRACE_MS = 5 * 60_000;
/** Tasks that end by time are looked for at most this often. */
const SWEEP_INTERVAL_MS = 1_000;

/** Takes a cumulative ack: every batch of this epoch up to its `seq` is with the client. */
export function acknowledge(desk: Desk, ack: AckFrame, now: number): void {
  const { connection } = desk;
  if (connection === null) return;
  const ackedSeq = Math.max(connection.ackedSeq, Math.min(ack.seq, connection.seq));
  desk.connection = { ...connection, ackedSeq };
  acceptAcknowledged(desk, now);
  hearCapacity(desk, ack.capacity, 0, now);
}

/** Marks as accepted what this connection has acknowledged, as the connection remembers it. */
export function acceptAcknowledged(desk: Desk, now: number): void {
  const { connection } = desk;
  if (connection === null) return;
  for (const batch of desk.book.inFlight.batches()) {
    if (batch.epoch !== connection.epoch || batch.seq > connection.ackedSeq) continue;
    for (const ordinal of [...batch.ordinals]) {
      const segment = desk.book.segmentOf(ordinal);
      if (segment) desk.changeLater(segment, ordinal, (record) => accept(record, now));
    }
  }
}

/**
 * After a word of the client that ended `ended` deliveries: what it said of its capacity, less what is on
 * its way to it and not yet in what it said. Where it said nothing, what follows from the word itself.
 */
export function hearCapacity(
  desk: Desk,
  capacity: Capacity | undefined,
  ended: number,
  now: number,
): void {
  const { connection, book } = desk;
  if (connection === null) return;
  const onTheWay = unacknowledged(desk, connection.epoch);
  const before = connection.capacity;
  // What the client came back without takes none of its slots, so it says nothing of their number.
  const held = connection.settleAt === null ? book.tally.held : 0;
  const mirror =
    capacity === undefined
      ? release(arriveFrames(before, onTheWay.frames, now), ended)
      : mirrorUpdate(before, capacity, onTheWay, held, now);
  desk.connection = { ...connection, capacity: mirror };
}

function unacknowledged(desk: Desk, epoch: number): Unacknowledged {
  let frames = 0;
  let tasks = 0;
  for (const batch of desk.book.inFlight.batches()) {
    if (batch.epoch !== epoch) continue;
    frames += 1;
    tasks += batch.ordinals.size;
  }
  return { frames, tasks };
}

/** Whether what was sent again has been met with silence, so that the socket may be dead. */
function isInDoubt(connection: Connection): boolean {
  return connection.gaveUpAt !== null && connection.heardAt <= connection.gaveUpAt;
}

/**
 * When the oldest unacknowledged batch of this connection is due to be sent again, ms. On a socket in
 * doubt: when it will have shown that it is alive or dead.
 */
export function ackDueAt(desk: Desk): number | null {
  const { connection } = desk;
  if (connection === null) return null;
  let due: number | null = null;
  for (const batch of desk.book.inFlight.batches()) {
    if (batch.epoch !== connection.epoch) continue;
    due = Math.min(due ?? Number.POSITIVE_INFINITY, batch.sentAt + ACK_TIMEOUT_MS);
  }
  return due !== null && isInDoubt(connection) ? connection.heardAt + SILENCE_MS : due;
}

/** Gives up batches of this connection that were not acknowledged in time: their slots are free again. */
export function giveUpUnacknowledged(desk: Desk, now: number): void {
  const { connection } = desk;
  if (connection === null || isInDoubt(connection)) return;
  const late: LostDelivery[] = [];
  for (const batch of desk.book.inFlight.batches()) {
    if (batch.epoch !== connection.epoch || now < batch.sentAt + ACK_TIMEOUT_MS) continue;
    for (const ordinal of batch.ordinals) {
      const segment = desk.book.segmentOf(ordinal);
      if (segment !== undefined) late.push({ segment, ordinal });
    }
  }
  if (late.length === 0) return;
  desk.connection = { ...connection, gaveUpAt: now };
  loseDeliveries(desk, late, "not acknowledged in time", now);
  hearCapacity(desk, undefined, late.length, now);
}

/** Gives up what the client came back without, once reports of it have had their time to arrive. */
export function giveUpMissing(desk: Desk, now: number): void {
  const { connection } = desk;
  if (connection === null || connection.settleAt === null || now < connection.settleAt) return;
  const missing = [...desk.book.live()].filter(({ record }) => record.missing);
  loseDeliveries(desk, missing, "the client came back without it", now);
  desk.connection = { ...connection, settleAt: null };
}

/** Ends tasks whose time is over and finds when the next one's will be. */
export function expireDue(desk: Desk, now: number): void {
  if (now < desk.book.dueAt) return;
  let next = Number.POSITIVE_INFINITY;
  for (const { segment, ordinal, record } of desk.book.live()) {
    const due = dueOf(segment, ordinal, record);
    if (now < due) {
      next = Math.min(next, due);
      continue;
    }
    const state = overdueState(segment, ordinal, record);
    const ended = desk.change(segment, ordinal, (before) => end(before, state, now));
    if (ended !== null) desk.noteEnd(ordinal, ended, overdueNote(record));
  }
  desk.book.dueAt = Number.isFinite(next) ? Math.max(next, now + SWEEP_INTERVAL_MS) : next;
}

/** A queued or sent task ends at its deadline; one that a client holds gets the time to run it. */
function dueOf(segment: Segment, ordinal: number, record: TaskRecord): number {
  const options = optionsOf(segment, ordinal);
  const deadline = expiryOf(segment, options);
  if (!isHeld(record)) return deadline;
  const begun = Math.max(deadline, record.startedAt ?? 0);
  return begun + options.timeoutSeconds * 1000 + OVERDUE_GRACE_MS;
}

function overdueState(
  segment: Segment,
  ordinal: number,
  record: TaskRecord,
): "expired" | "dead" | "unknown" | "cancelled" {
  if (record.state === "queued") return "expired";
  if (optionsOf(segment, ordinal).atMostOnce) return "unknown";
  if (record.cancelRequested) return "cancelled";
  return record.state === "running" ? "dead" : "expired";
}

function overdueNote(record: TaskRecord): string {
  if (isHeld(record)) return "the client never reported its end";
  return record.state === "leased"
    ? "not acknowledged before its deadline"
    : "not sent before its deadline";
}
