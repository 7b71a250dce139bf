import type {
  JsonObject,
  Page,
  ResultRow,
  TaskSummary,
  TaskView,
  WaitingFor,
} from "@sluice/protocol";
import type { Desk } from "./desk.ts";
import { entriesOf } from "./history.ts";
import { NEW_RECORD, PAGE_TASKS, readRecord, type TaskRecord } from "./record.ts";
import type { RowListQuery, TaskListQuery } from "./rpc.ts";
import { expiryOf, optionsOf, type Segment, taskIdIn } from "./segment.ts";
import { historyIdAt, type Storage } from "./storage.ts";
import { parseTaskId } from "./task-id.ts";
import { errorOf, type Happening, iso, progressOf, timelineOf } from "./timeline.ts";

/** How long after its end a task's rows may still come in, in a report that is sent again. */
const LATE_REPORT_MS = 3_600_000;
/** Tasks looked at for one page of a filtered list, so that a call stays short. */
const SCAN_LIMIT = 20_000;

/** A task with everything stored of it. */
export interface StoredTask {
  readonly segment: Segment;
  readonly ordinal: number;
  readonly record: TaskRecord;
}

/** Looks a task up by its id, ended or not; null when there is none. */
export function findTask(desk: Desk, id: string): StoredTask | null {
  const parsed = parseTaskId(id);
  if (parsed === null) return null;
  const { ordinal } = parsed;
  const segment = desk.storage.segments.at(ordinal);
  if (segment === null || segment.createdAt !== parsed.createdAt) return null;
  return { segment, ordinal, record: desk.record(segment, ordinal) };
}

/** The task as its operator sees it, with its timeline. */
export function viewTask(
  storage: Storage,
  task: StoredTask,
  waitingFor: WaitingFor | null,
  now: number,
): TaskView {
  const { segment, ordinal, record } = task;
  const options = optionsOf(segment, ordinal);
  const line = storage.segments.lines(segment)[ordinal - segment.first] ?? "";
  const { kind, args } = parseLine(line);
  const history = [...historyOf(storage, task, now)];
  return {
    ...summary(segment, ordinal, record, kind),
    args,
    delivery: options.atMostOnce ? "at_most_once" : "at_least_once",
    maxAttempts: options.maxAttempts,
    timeoutSeconds: options.timeoutSeconds,
    deadline: iso(expiryOf(segment, options)),
    idempotencyKey: storage.segments.keys(segment)?.[ordinal - segment.first] ?? null,
    fairnessKey: options.fairnessKey,
    parent: parentOf(storage, segment),
    error: errorOf(record, history),
    progress: progressOf(history),
    waitingFor: record.state === "queued" ? waitingFor : null,
    timeline: timelineOf(segment, record, history),
  };
}

/** A page of tasks, newest first. A filtered page may hold fewer than `limit` and still have a cursor. */
export function listTasks(desk: Desk, query: TaskListQuery): Page<TaskSummary> | null {
  const below = query.cursor === null ? Number.MAX_SAFE_INTEGER : parseWhole(query.cursor);
  if (below === null) return null;
  const items: TaskSummary[] = [];
  let scanned = 0;
  for (const segment of desk.storage.segments.before(below)) {
    const reader = new SegmentReader(desk, segment);
    const top = Math.min(below, segment.first + segment.count) - 1;
    for (let ordinal = top; ordinal >= segment.first; ordinal -= 1) {
      if (items.length === query.limit || scanned === SCAN_LIMIT) {
        return { items, cursor: String(ordinal + 1) };
      }
      scanned += 1;
      const record = reader.record(ordinal);
      if (query.state !== null && record.state !== query.state) continue;
      items.push(summary(segment, ordinal, record, reader.kind(ordinal)));
    }
  }
  return { items, cursor: null };
}

/** A page of a task's result rows in the order they were reported; null for a cursor that is none. */
export function listRows(
  storage: Storage,
  task: StoredTask,
  query: RowListQuery,
  now: number,
): Page<ResultRow> | null {
  const from = query.cursor === null ? [0, 0, 0] : query.cursor.split(".").map(parseWhole);
  const [fromId = null, fromEntry = null, fromRow = null] = from;
  if (from.length !== 3 || fromId === null || fromEntry === null || fromRow === null) return null;
  const items: ResultRow[] = [];
  for (const row of storage.history.of(task.ordinal, startId(task, fromId), untilMs(task, now))) {
    const first = row.id === fromId;
    for (const [entryIndex, entry] of entriesOf(row.body, task.ordinal).entries()) {
      if (entry.event !== "rows" || entry.attempt < task.record.runAttempt) continue;
      if (first && entryIndex < fromEntry) continue;
      const firstRow = first && entryIndex === fromEntry ? fromRow : 0;
      for (let index = firstRow; index < entry.rows.length; index += 1) {
        if (items.length === query.limit) {
          return { items, cursor: `${row.id}.${entryIndex}.${index}` };
        }
        items.push({ part: entry.part, index, row: entry.rows[index] ?? null });
      }
    }
  }
  return { items, cursor: null };
}

/** A whole number of a cursor, in plain digits; null for anything else. */
function parseWhole(text: string): number | null {
  const value = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : null;
}

/** Reads records and texts of one segment, each stored row once. */
class SegmentReader {
  readonly #desk: Desk;
  readonly #segment: Segment;
  #page: { readonly index: number; readonly view: DataView | null } | null = null;
  #lines: readonly string[] | null = null;

  constructor(desk: Desk, segment: Segment) {
    this.#desk = desk;
    this.#segment = segment;
  }

  record(ordinal: number): TaskRecord {
    const index = Math.floor(ordinal / PAGE_TASKS);
    if (this.#page?.index !== index) {
      this.#page = { index, view: this.#desk.page(index) };
    }
    const { view } = this.#page;
    return view === null
      ? NEW_RECORD
      : readRecord(view, ordinal % PAGE_TASKS, this.#segment.createdAt);
  }

  kind(ordinal: number): string {
    this.#lines ??= this.#desk.storage.segments.lines(this.#segment);
    return parseLine(this.#lines[ordinal - this.#segment.first] ?? "").kind;
  }
}

function parseLine(line: string): { kind: string; args: JsonObject } {
  return JSON.parse(`{${line}}`);
}

function summary(segment: Segment, ordinal: number, record: TaskRecord, kind: string): TaskSummary {
  return {
    id: taskIdIn(segment, ordinal),
    kind,
    state: record.state,
    attempt: record.attempt,
    priority: optionsOf(segment, ordinal).priority,
    createdAt: iso(segment.createdAt),
    endedAt: record.endedAt === null ? null : iso(record.endedAt),
  };
}

function parentOf(storage: Storage, segment: Segment): TaskView["parent"] {
  if (segment.parent === null) return null;
  const parent = storage.segments.at(segment.parent);
  return parent === null ? null : taskIdIn(parent, segment.parent);
}

function* historyOf(storage: Storage, task: StoredTask, now: number): Generator<Happening> {
  for (const row of storage.history.of(task.ordinal, startId(task, 0), untilMs(task, now))) {
    const at = Math.floor(row.id / 1024);
    for (const entry of entriesOf(row.body, task.ordinal)) yield { at, entry };
  }
}

function startId(task: StoredTask, fromId: number): number {
  return Math.max(fromId, historyIdAt(task.segment.createdAt));
}

function untilMs(task: StoredTask, now: number): number {
  const { endedAt } = task.record;
  return endedAt === null ? now : Math.min(now, endedAt + LATE_REPORT_MS);
}
