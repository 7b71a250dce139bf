import type { DeliveredTask, ReportItem, TaskId } from "@sluice/protocol";
import type { BatchPosition, FinishedTask, HeldTask, JournalRecord } from "./record.ts";

/** What a client holds, as its journal tells it. Changed in place by {@link applyRecord} alone. */
export interface JournalState {
  /** The last batch accepted; null before the first. */
  position: BatchPosition | null;
  nextReportSeq: number;
  readonly held: Map<TaskId, HeldTask>;
  /** Tasks that ended, oldest first, so that one delivered again is not run again. */
  readonly finished: Map<TaskId, FinishedTask>;
  /** Items that are in no report yet. */
  readonly unreported: ReportItem[];
  /** Reports without an answer, by seq, in order. */
  readonly unanswered: Map<number, readonly ReportItem[]>;
}

/** How long and how many ended tasks are remembered; the server's longest resend is far shorter. */
export const FINISHED_KEPT = { tasks: 100_000, ms: 7 * 24 * 3_600_000 } as const;

/** Entries of one snapshot record, so that no line of a journal grows without bound. */
const SNAPSHOT_CHUNK = 500;

/** The state of a client that never did anything. */
export function emptyJournalState(): JournalState {
  return {
    position: null,
    nextReportSeq: 1,
    held: new Map(),
    finished: new Map(),
    unreported: [],
    unanswered: new Map(),
  };
}

/** Applies one entry to `state`, in place. Deterministic: the same entries give the same state. */
export function applyRecord(state: JournalState, record: JournalRecord): void {
  switch (record.type) {
    case "batch":
      applyBatch(state, record);
      return;
    case "started":
      changeStarts(state, record.ids, 1);
      return;
    case "released":
      changeStarts(state, record.ids, -1);
      return;
    case "dropped":
      for (const id of record.ids) state.held.delete(id);
      return;
    case "items":
      for (const item of record.items) applyItem(state, item, record.at);
      forgetFinished(state, record.at);
      return;
    case "report":
      state.unanswered.set(record.seq, state.unreported.splice(0, record.count));
      state.nextReportSeq = Math.max(state.nextReportSeq, record.seq + 1);
      return;
    case "reported":
      applyReported(state, record.seq);
      return;
    case "counters":
      state.nextReportSeq = Math.max(state.nextReportSeq, record.nextReportSeq);
      state.position = record.position;
      return;
    case "held":
      for (const held of record.tasks) state.held.set(held.task.id, held);
      return;
    case "finished":
      for (const [id, finished] of record.tasks) state.finished.set(id, finished);
      return;
  }
}

/** The entries that rebuild `state` from nothing. */
export function* snapshotRecords(state: JournalState): Generator<JournalRecord> {
  yield { type: "counters", nextReportSeq: state.nextReportSeq, position: state.position };
  for (const tasks of chunks(state.finished)) yield { type: "finished", tasks };
  for (const tasks of chunks(state.held.values())) yield { type: "held", tasks };
  for (const [seq, items] of state.unanswered) {
    yield { type: "items", at: 0, items };
    yield { type: "report", seq, count: items.length };
  }
  if (state.unreported.length > 0) yield { type: "items", at: 0, items: [...state.unreported] };
}

/** How the tasks of a batch relate to what the client has already. */
export interface Admission {
  readonly fresh: readonly DeliveredTask[];
  readonly adopted: readonly (readonly [id: TaskId, attempt: number])[];
  /** Ends that were stored by the server once and are asked for again. */
  readonly endsAgain: readonly ReportItem[];
  readonly duplicates: number;
}

/**
 * Sorts the tasks of a batch. What is held or ended already is never taken a second time: a higher
 * attempt is adopted, and an end that the server seems to have forgotten is reported again.
 */
export function admit(state: JournalState, tasks: readonly DeliveredTask[]): Admission {
  const fresh: DeliveredTask[] = [];
  const adopted: [TaskId, number][] = [];
  const endsAgain: ReportItem[] = [];
  for (const task of latestAttempts(tasks)) {
    const ended = state.finished.get(task.id);
    const attempt = state.held.get(task.id)?.task.attempt ?? ended?.attempt;
    if (attempt === undefined) fresh.push(task);
    else if (task.attempt > attempt) adopted.push([task.id, task.attempt]);
    if (ended?.answered) endsAgain.push({ id: task.id, attempt: task.attempt, ...ended.outcome });
  }
  return { fresh, adopted, endsAgain, duplicates: tasks.length - fresh.length };
}

/** Each task of a batch once, under the highest attempt that it names. */
function latestAttempts(tasks: readonly DeliveredTask[]): Iterable<DeliveredTask> {
  const latest = new Map<TaskId, DeliveredTask>();
  for (const task of tasks) {
    if (task.attempt > (latest.get(task.id)?.attempt ?? 0)) latest.set(task.id, task);
  }
  return latest.values();
}

/** The attempt under which a task is known now; an item of an earlier one is reported under it. */
export function currentAttempt(state: JournalState, item: ReportItem): number {
  return (
    state.held.get(item.id)?.task.attempt ?? state.finished.get(item.id)?.attempt ?? item.attempt
  );
}

function applyBatch(state: JournalState, batch: Extract<JournalRecord, { type: "batch" }>): void {
  state.position = batch.position;
  for (const task of batch.fresh) {
    state.held.set(task.id, { task, starts: 0, running: false, nextPart: 0 });
  }
  for (const [id, attempt] of batch.adopted) {
    const held = state.held.get(id);
    const finished = state.finished.get(id);
    if (held) state.held.set(id, { ...held, task: { ...held.task, attempt } });
    else if (finished) state.finished.set(id, { ...finished, attempt });
  }
}

function changeStarts(state: JournalState, ids: readonly TaskId[], by: 1 | -1): void {
  for (const id of ids) {
    const held = state.held.get(id);
    if (held) state.held.set(id, { ...held, starts: held.starts + by, running: by > 0 });
  }
}

function applyItem(state: JournalState, item: ReportItem, at: number): void {
  state.unreported.push(item);
  switch (item.event) {
    case "started":
    case "progress":
      return;
    case "rows":
      applyRows(state, item);
      return;
    case "succeeded":
    case "cancelled":
      applyEnd(state, item.id, item.attempt, { event: item.event }, at);
      return;
    case "failed":
      applyEnd(state, item.id, item.attempt, { event: "failed", error: item.error }, at);
      return;
  }
}

function applyRows(state: JournalState, item: Extract<ReportItem, { event: "rows" }>): void {
  const held = state.held.get(item.id);
  if (!held) return;
  state.held.set(item.id, { ...held, nextPart: Math.max(held.nextPart, item.part + 1) });
}

function applyEnd(
  state: JournalState,
  id: TaskId,
  attempt: number,
  outcome: FinishedTask["outcome"],
  at: number,
): void {
  const before = state.finished.get(id);
  const known = state.held.get(id)?.task.attempt ?? before?.attempt ?? attempt;
  state.held.delete(id);
  state.finished.set(id, {
    attempt: Math.max(attempt, known),
    at: before?.at ?? at,
    outcome,
    answered: false,
  });
}

function applyReported(state: JournalState, seq: number): void {
  for (const item of state.unanswered.get(seq) ?? []) {
    if (item.event === "started" || item.event === "progress" || item.event === "rows") continue;
    const finished = state.finished.get(item.id);
    if (finished) state.finished.set(item.id, { ...finished, answered: true });
  }
  state.unanswered.delete(seq);
}

/** Forgets the oldest ends over the bounds; one that the server does not know of is kept. */
function forgetFinished(state: JournalState, now: number): void {
  for (const [id, finished] of state.finished) {
    const surplus = state.finished.size > FINISHED_KEPT.tasks;
    const stale = now - finished.at > FINISHED_KEPT.ms;
    if (!finished.answered || (!surplus && !stale)) return;
    state.finished.delete(id);
  }
}

function* chunks<Entry>(entries: Iterable<Entry>): Generator<readonly Entry[]> {
  let chunk: Entry[] = [];
  for (const entry of entries) {
    chunk.push(entry);
    if (chunk.length === SNAPSHOT_CHUNK) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}
