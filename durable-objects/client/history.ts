import type { JsonValue, ReportFrame, ReportItem, TaskError } from "@sluice/protocol";
import { parseTaskId } from "./task-id.ts";

/** One thing in the history of one task, or of the run of tasks `task` to `through`. */
export type HistoryEntry = { readonly task: number; readonly attempt: number } & (
  | { readonly event: "rows"; readonly part: number; readonly rows: readonly JsonValue[] }
  | { readonly event: "progress"; readonly done: number; readonly note?: string }
  | { readonly event: "failed"; readonly error: TaskError }
  | {
      readonly event: Exception;
      readonly through?: number;
      readonly note: string;
    }
);

/** What the server decides of a task against the ordinary course. */
export type Exception =
  | "requeued"
  | "cancel_requested"
  | "cancelled"
  | "expired"
  | "dead"
  | "unknown";

/** A row of the history table, but for its id. */
export interface HistoryBody {
  readonly seq: number;
  readonly low: number;
  readonly high: number;
  readonly body: string;
}

/**
 * What a report leaves in history; null when it carries changes of state alone. What it says of tasks
 * that are not `owned` by this client would never be read, nor erased with its task.
 */
export function historyOfReport(
  frame: ReportFrame,
  owned: (id: string) => boolean,
): HistoryBody | null {
  const entries: HistoryEntry[] = [];
  for (const item of frame.items) {
    const ordinal = parseTaskId(item.id)?.ordinal;
    const entry = ordinal === undefined ? null : entryOfItem(item, ordinal);
    if (entry !== null && owned(item.id)) entries.push(entry);
  }
  return historyBody(entries, frame.seq);
}

function entryOfItem(item: ReportItem, task: number): HistoryEntry | null {
  const { attempt } = item;
  switch (item.event) {
    case "rows":
      return { task, attempt, event: "rows", part: item.part, rows: item.rows };
    case "progress":
      return item.note === undefined
        ? { task, attempt, event: "progress", done: item.done }
        : { task, attempt, event: "progress", done: item.done, note: item.note };
    case "failed":
      return { task, attempt, event: "failed", error: item.error };
    case "started":
    case "succeeded":
    case "cancelled":
      return null;
  }
}

/** An exception of one task, to be gathered with others by {@link historyOfExceptions}. */
export interface ExceptionEntry {
  readonly task: number;
  readonly attempt: number;
  readonly event: Exception;
  readonly note: string;
}

/** Exceptions decided in one turn; neighbours with the same fate become one entry. */
export function historyOfExceptions(exceptions: readonly ExceptionEntry[]): HistoryBody | null {
  const runs: (ExceptionEntry & { through: number })[] = [];
  for (const exception of [...exceptions].sort((a, b) => a.task - b.task)) {
    const last = runs.at(-1);
    if (last !== undefined && last.through === exception.task - 1 && sameFate(last, exception)) {
      last.through = exception.task;
    } else {
      runs.push({ ...exception, through: exception.task });
    }
  }
  return historyBody(runs, 0);
}

/** The entries of a stored body that speak of a task. */
export function entriesOf(body: string, task: number): readonly HistoryEntry[] {
  const entries: HistoryEntry[] = JSON.parse(body);
  return entries.filter(
    (entry) =>
      entry.task === task ||
      ("through" in entry && entry.task < task && task <= (entry.through ?? entry.task)),
  );
}

function sameFate(a: ExceptionEntry, b: ExceptionEntry): boolean {
  return a.event === b.event && a.attempt === b.attempt && a.note === b.note;
}

function historyBody(entries: readonly HistoryEntry[], seq: number): HistoryBody | null {
  if (entries.length === 0) return null;
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const entry of entries) {
    low = Math.min(low, entry.task);
    high = Math.max(high, "through" in entry ? (entry.through ?? entry.task) : entry.task);
  }
  return { seq, low, high, body: JSON.stringify(entries) };
}
