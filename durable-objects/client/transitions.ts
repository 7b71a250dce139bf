import { isTerminal, type TaskState } from "@sluice/protocol";
import type { TaskRecord } from "./record.ts";

/**
 * The life of a task: `(record, event, now) → record`. A transition that does not apply returns the
 * record it was given, the same object, so that a caller sees by identity whether anything changed.
 */

/** A delivery that a client holds unfinished, or may. */
export function isHeld(record: TaskRecord): boolean {
  return record.state === "accepted" || record.state === "running";
}

/** queued → leased: sent in batch `seq` of connection `epoch`. */
export function lease(record: TaskRecord, epoch: number, seq: number, now: number): TaskRecord {
  if (record.state !== "queued") return record;
  return { ...record, state: "leased", attempt: record.attempt + 1, epoch, seq, sentAt: now };
}

/** leased (or queued again after its ack was lost) → accepted: the client has persisted it. */
export function accept(record: TaskRecord, now: number): TaskRecord {
  if (record.state === "queued" ? record.attempt === 0 : record.state !== "leased") return record;
  return { ...record, state: "accepted", acceptedAt: now, missing: false };
}

/** The client says that it runs this delivery. */
export function start(record: TaskRecord, attempt: number, now: number): TaskRecord {
  const accepted = isHeld(record) ? record : accept(record, now);
  if (!isHeld(accepted) || attempt > accepted.attempt) return record;
  if (accepted.state === "running" && attempt <= accepted.runAttempt) {
    return accepted.missing ? { ...accepted, missing: false } : accepted;
  }
  const runAttempt = Math.max(attempt, accepted.runAttempt);
  return { ...accepted, state: "running", runAttempt, startedAt: now, missing: false };
}

/** How a delivery may end by the client's word; `dead` when the task killed it again and again. */
export type ReportedEnd = "succeeded" | "failed" | "cancelled" | "dead";

/**
 * The client says how a delivery ended. A report counts as the ack that was lost, and an end of an
 * earlier attempt counts too: the work was done, and running it again would do it twice.
 */
export function finish(
  record: TaskRecord,
  attempt: number,
  end: ReportedEnd,
  now: number,
): TaskRecord {
  if (isTerminal(record.state) || attempt < 1 || attempt > record.attempt) return record;
  return endAs(record, end, now);
}

/** Ends a task by the server's own decision. */
export function end(
  record: TaskRecord,
  state: "cancelled" | "expired" | "dead" | "unknown",
  now: number,
): TaskRecord {
  return isTerminal(record.state) ? record : endAs(record, state, now);
}

/** Asked to stop: at once where no client has it, else when the client says so. */
export function requestCancel(record: TaskRecord, now: number): TaskRecord {
  if (record.state === "queued") return endAs(record, "cancelled", now);
  if (isTerminal(record.state) || record.cancelRequested) return record;
  return { ...record, cancelRequested: true };
}

/** The client came back and does not hold it: a grace time runs for reports on their way. */
export function markMissing(record: TaskRecord): TaskRecord {
  if (record.missing || (!isHeld(record) && record.state !== "leased")) return record;
  return { ...record, missing: true };
}

/** The client says that it holds this delivery. */
export function confirmHeld(record: TaskRecord, attempt: number, now: number): TaskRecord {
  if (attempt > record.attempt || attempt < 1) return record;
  if (isHeld(record)) return record.missing ? { ...record, missing: false } : record;
  return accept(record, now);
}

/** What bounds the return of a lost delivery to the queue. */
export interface RequeueRules {
  readonly maxAttempts: number;
  readonly atMostOnce: boolean;
  readonly poisonAfter: number;
  readonly expiresAt: number;
}

/**
 * A delivery is taken as lost: not acknowledged in time, or gone from the client. It is queued again
 * unless its attempts are used up, it kills its client, it was cancelled, it is late, or it must not
 * run twice.
 */
export function lose(record: TaskRecord, rules: RequeueRules, now: number): TaskRecord {
  if (record.state === "queued" || isTerminal(record.state)) return record;
  const crashes = record.crashes + (record.state === "running" ? 1 : 0);
  const lost: TaskRecord = { ...record, crashes, missing: false };
  const fate = fateOfLost(lost, rules, now);
  return fate === "queued"
    ? { ...lost, state: "queued", acceptedAt: null, startedAt: null }
    : endAs(lost, fate, now);
}

function fateOfLost(record: TaskRecord, rules: RequeueRules, now: number): TaskState {
  if (rules.atMostOnce) return "unknown";
  if (record.cancelRequested) return "cancelled";
  if (record.crashes >= rules.poisonAfter || record.attempt >= rules.maxAttempts) return "dead";
  return now >= rules.expiresAt ? "expired" : "queued";
}

function endAs(record: TaskRecord, state: TaskState, now: number): TaskRecord {
  return { ...record, state, endedAt: now, missing: false };
}
