import { isTerminal, type ReportFrame, type ReportItem } from "@sluice/protocol";
import { release } from "./capacity.ts";
import type { Desk } from "./desk.ts";
import { historyOfReport } from "./history.ts";
import type { TaskRecord } from "./record.ts";
import { hearCapacity } from "./settle.ts";
import { parseTaskId } from "./task-id.ts";
import { confirmHeld, finish, start } from "./transitions.ts";

/** How far back a report that is sent again is looked for. */
const REPLAY_WINDOW_ROWS = 1_000;

/** Code by which a client says that a task killed it again and again. */
const POISONED = "poisoned";

/**
 * Takes a report. Changes of state are idempotent by themselves; what it carries besides goes into one
 * row of history, unless that row is there already. Items of tasks that are unknown or have ended are
 * passed over: a client must never be wedged by a report that nobody wants.
 */
export function takeReport(desk: Desk, frame: ReportFrame, now: number): void {
  let ended = 0;
  for (const item of frame.items) {
    if (applyItem(desk, item, now)) ended += 1;
  }
  const history = historyOfReport(frame);
  if (history !== null && !isReplay(desk, frame.seq, history.body)) {
    desk.storage.saveHistory(history, now);
    desk.lastReportSeq = Math.max(desk.lastReportSeq, frame.seq);
  }
  if (frame.capacity !== undefined) hearCapacity(desk, frame.capacity, now);
  else if (desk.connection !== null) {
    const capacity = release(desk.connection.capacity, ended);
    desk.connection = { ...desk.connection, capacity };
  }
}

/** Applies one item; true when it ended a task. */
function applyItem(desk: Desk, item: ReportItem, now: number): boolean {
  const ordinal = parseTaskId(item.id)?.ordinal;
  const segment = ordinal === undefined ? undefined : desk.book.segmentOf(ordinal);
  if (segment === undefined || ordinal === undefined) return false;
  const record = desk.change(segment, ordinal, (before) => applyEvent(before, item, now));
  if (record === null || !isTerminal(record.state)) return false;
  if (record.state === "dead") desk.noteEnd(ordinal, record, "it crashed its client repeatedly");
  return true;
}

function applyEvent(record: TaskRecord, item: ReportItem, now: number): TaskRecord {
  switch (item.event) {
    case "started":
      return start(record, item.attempt, now);
    case "progress":
    case "rows":
      return confirmHeld(record, item.attempt, now);
    case "succeeded":
    case "cancelled":
      return finish(record, item.attempt, item.event, now);
    case "failed": {
      const end = item.error.code === POISONED ? "dead" : "failed";
      return finish(record, item.attempt, end, now);
    }
  }
}

/**
 * A report is sent again until it is answered, with the `seq` it had. A client that lost its journal
 * begins its numbers anew, so the number alone proves nothing: the content must be there as well.
 */
function isReplay(desk: Desk, seq: number, body: string): boolean {
  return seq <= desk.lastReportSeq && desk.storage.hasReport(seq, body, REPLAY_WINDOW_ROWS);
}
