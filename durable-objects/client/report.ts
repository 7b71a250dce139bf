import { isTerminal, type ReportFrame, type ReportItem } from "@sluice/protocol";
import type { Desk } from "./desk.ts";
import { historyOfReport } from "./history.ts";
import type { TaskRecord } from "./record.ts";
import { optionsOf } from "./segment.ts";
import { hearCapacity } from "./settle.ts";
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
  let freed = 0;
  for (const item of frame.items) {
    if (applyItem(desk, item, now)) freed += 1;
  }
  const history = historyOfReport(frame, (id) => desk.owns(id));
  if (history !== null && !isReplay(desk, frame.seq, history.body)) {
    desk.storage.history.save(history, now);
    desk.lastReportSeq = Math.max(desk.lastReportSeq, frame.seq);
  }
  hearCapacity(desk, frame.capacity, freed, now);
}

/** Applies one item; true when it ended a task and with it freed a slot that was counted as taken. */
function applyItem(desk: Desk, item: ReportItem, now: number): boolean {
  const task = desk.find(item.id);
  if (task === null) return false;
  const { segment, ordinal } = task;
  let tookSlot = false;
  const { atMostOnce } = optionsOf(segment, ordinal);
  const record = desk.change(segment, ordinal, (before) => {
    tookSlot = before.state !== "queued" && !before.missing;
    // A client that came back without it will not run it again: only how it ended still counts.
    if (atMostOnce && before.missing && !isEnd(item)) return before;
    return applyEvent(before, item, now);
  });
  if (record === null || !isTerminal(record.state)) return false;
  if (record.state === "dead") desk.noteEnd(ordinal, record, "it crashed its client repeatedly");
  return tookSlot;
}

function isEnd({ event }: ReportItem): boolean {
  return event === "succeeded" || event === "failed" || event === "cancelled";
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
  return seq <= desk.lastReportSeq && desk.storage.history.hasReport(seq, body, REPLAY_WINDOW_ROWS);
}
