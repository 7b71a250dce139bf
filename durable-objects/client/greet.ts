import { type HelloFrame, isTerminal, type TaskId, type WelcomeFrame } from "@sluice/protocol";
import { mirrorHello } from "./capacity.ts";
import { HEARTBEAT_MS } from "./connection.ts";
import type { Desk, Wire } from "./desk.ts";
import { type LostDelivery, loseDeliveries } from "./losing.ts";
import { optionsOf, type Segment, taskIdIn } from "./segment.ts";
import { accept, confirmHeld, isHeld, markMissing } from "./transitions.ts";

/** How long the reports of deliveries that a client came back without may still be on their way. */
export const SETTLE_MS = 10_000;
/** Ids of one cancel frame; after a long absence there may be many. */
const CANCELS_PER_FRAME = 1_000;

/**
 * A client said hello: opens its connection under a new epoch, squares the book with what it says that it
 * has, and answers with `welcome` and the cancels that it must hear of. The caller stores the epoch and pumps.
 */
export function greet(
  desk: Desk,
  hello: HelloFrame,
  wire: Wire,
  { epoch, clientId }: Pick<WelcomeFrame, "epoch" | "clientId">,
  now: number,
): void {
  const seq = desk.connection?.seq ?? hello.resume?.seq ?? 0;
  desk.disconnect();
  desk.wire = wire;
  const unacknowledged = resume(desk, hello, now);
  const { missing, held } = compareHeld(desk, hello, now);
  loseDeliveries(desk, unacknowledged, "not acknowledged before the connection ended", now);
  desk.connection = {
    kind: "open",
    epoch,
    seq,
    ackedSeq: 0,
    connectedAt: now,
    heardAt: now,
    lastFlushAt: null,
    gaveUpAt: null,
    settleAt: missing ? now + SETTLE_MS : null,
    capacity: mirrorHello(hello.capacity, held, now),
  };
  const serverTime = new Date(now).toISOString();
  desk.send({ type: "welcome", epoch, clientId, heartbeatMs: HEARTBEAT_MS, serverTime });
  sendCancels(desk, cancelsFor(desk, hello));
}

function sendCancels(desk: Desk, ids: readonly TaskId[]): void {
  for (let from = 0; from < ids.length; from += CANCELS_PER_FRAME) {
    desk.send({ type: "cancel", ids: ids.slice(from, from + CANCELS_PER_FRAME) });
  }
}

/** Tasks whose cancellation the client must hear of (again): asked for, or ended while it was away. */
function cancelsFor(desk: Desk, hello: HelloFrame): readonly TaskId[] {
  const ids: TaskId[] = [];
  for (const { segment, ordinal, record } of desk.book.live()) {
    if (record.cancelRequested && isHeld(record)) ids.push(taskIdIn(segment, ordinal));
  }
  for (const { id } of hello.running ?? []) {
    const task = desk.find(id);
    const ended = task === null ? desk.owns(id) : isTerminal(desk.book.pages.state(task.ordinal));
    if (ended) ids.push(id);
  }
  return ids;
}

/**
 * Takes `resume` as the ack that was lost. Returns the sent deliveries that stay unacknowledged, but
 * for those that must not run twice: their reports may be on the way, so they wait as missing.
 */
function resume(desk: Desk, hello: HelloFrame, now: number): readonly LostDelivery[] {
  const held = new Set(hello.running?.map(({ id }) => desk.find(id)?.ordinal));
  const lost: LostDelivery[] = [];
  for (const batch of desk.book.inFlight.batches()) {
    const acknowledged = batch.epoch === hello.resume?.epoch && batch.seq <= hello.resume.seq;
    for (const ordinal of [...batch.ordinals]) {
      const segment = desk.book.segmentOf(ordinal);
      if (segment === undefined) continue;
      if (acknowledged) desk.change(segment, ordinal, (record) => accept(record, now));
      else if (!held.has(ordinal) && !optionsOf(segment, ordinal).atMostOnce) {
        lost.push({ segment, ordinal });
      }
    }
  }
  return lost;
}

/**
 * Marks what the client holds and what it lacks. Returns whether something is missing, and how many
 * deliveries the client does hold.
 */
function compareHeld(
  desk: Desk,
  hello: HelloFrame,
  now: number,
): { missing: boolean; held: number } {
  const named = new Set<number>();
  for (const { id, attempt } of hello.running ?? []) {
    const task = desk.find(id);
    if (task === null) continue;
    named.add(task.ordinal);
    desk.change(task.segment, task.ordinal, (record) => confirmHeld(record, attempt, now));
  }
  let missing = false;
  let held = 0;
  for (const { segment, ordinal, record } of desk.book.live()) {
    if (named.has(ordinal) || !mayBeMissing(hello, record.state, segment, ordinal)) {
      if (isHeld(record)) held += 1;
      continue;
    }
    missing = true;
    desk.change(segment, ordinal, markMissing);
  }
  return { missing, held };
}

/** A client that sends no `running` says nothing of what it holds, so nothing can be missed. */
function mayBeMissing(
  hello: HelloFrame,
  state: string,
  segment: Segment,
  ordinal: number,
): boolean {
  if (state === "leased") return optionsOf(segment, ordinal).atMostOnce;
  return hello.running !== undefined && (state === "accepted" || state === "running");
}
