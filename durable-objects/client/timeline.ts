import type { TaskError, TaskState, TaskView, TimelineEntry } from "@sluice/protocol";
import type { HistoryEntry } from "./history.ts";
import type { TaskRecord } from "./record.ts";
import type { Segment } from "./segment.ts";

/** An entry of history with its time, ms. */
export type Happening = { readonly at: number; readonly entry: HistoryEntry };

/** How the task failed, as its client said it last; null where it did not fail. */
export function errorOf(record: TaskRecord, history: readonly Happening[]): TaskError | null {
  if (record.state !== "failed" && record.state !== "dead") return null;
  const last = history.findLast(({ entry }) => entry.event === "failed")?.entry;
  return last?.event === "failed" ? last.error : null;
}

/** The last progress that was reported. */
export function progressOf(history: readonly Happening[]): TaskView["progress"] {
  const last = history.findLast(({ entry }) => entry.event === "progress")?.entry;
  return last?.event === "progress" ? { done: last.done, note: last.note ?? null } : null;
}

/** What happened to a task, oldest first; of deliveries before the last, only why they were given up. */
export function timelineOf(
  segment: Segment,
  record: TaskRecord,
  history: readonly Happening[],
): readonly TimelineEntry[] {
  const { attempt, epoch, seq } = record;
  const entries: { at: number | null; entry: Omit<TimelineEntry, "at"> }[] = [
    { at: segment.createdAt, entry: { event: "queued" } },
    {
      at: record.state === "queued" ? null : record.sentAt,
      entry: { event: "sent", attempt, epoch, seq },
    },
    { at: record.acceptedAt, entry: { event: "accepted", attempt } },
    { at: record.startedAt, entry: { event: "started", attempt: record.runAttempt } },
    ...history.flatMap(({ at, entry }) => {
      const line = timelineEntry(entry);
      return line === null ? [] : [{ at, entry: line }];
    }),
    ...(isClientsEnd(record.state)
      ? [{ at: record.endedAt, entry: { event: record.state, attempt } }]
      : []),
  ];
  return entries
    .flatMap(({ at, entry }) => (at === null ? [] : [{ at, entry }]))
    .sort((a, b) => a.at - b.at || (a.entry.attempt ?? 0) - (b.entry.attempt ?? 0))
    .map(({ at, entry }) => ({ at: iso(at), ...entry }));
}

/** Ends by the server's decision stand in history with their cause; the others in the record. */
function isClientsEnd(state: TaskState): state is "succeeded" | "cancelled" | "failed" {
  return state === "succeeded" || state === "cancelled" || state === "failed";
}

function timelineEntry(entry: HistoryEntry): Omit<TimelineEntry, "at"> | null {
  const { attempt } = entry;
  switch (entry.event) {
    case "rows":
    case "failed":
      return null;
    case "progress": {
      const share = `${Math.round(entry.done * 100)} %`;
      return { event: "progress", attempt, note: entry.note ? `${share}: ${entry.note}` : share };
    }
    case "cancelled":
      return null;
    case "requeued":
    case "cancel_requested":
    case "expired":
    case "dead":
    case "unknown":
      return { event: entry.event, attempt, note: entry.note };
  }
}

/** A time in ms as ISO 8601. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
