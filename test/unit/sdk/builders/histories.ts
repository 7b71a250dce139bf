import type { ReportItem, TaskId } from "@sluice/protocol";
import fc from "fast-check";
import {
  admit,
  applyRecord,
  emptyJournalState,
  type JournalState,
} from "../../../../packages/sdk/src/journal/journal-state.ts";
import type { JournalRecord } from "../../../../packages/sdk/src/journal/record.ts";
import { delivered } from "./tasks.ts";

/** Task names of a history; few, so that they meet again under other attempts. */
const NAMES = 6;

/** Something that happens to a client. */
type Happening =
  | {
      readonly type: "batch";
      readonly tasks: readonly (readonly [name: number, attempt: number])[];
    }
  | { readonly type: "start" | "release" | "rows" | "end"; readonly name: number }
  | { readonly type: "report"; readonly count: number }
  | { readonly type: "answer" };

/** Random lives of a client, as happenings; those that make no sense at their time are skipped. */
export const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    fc.record({
      type: fc.constant("batch" as const),
      tasks: fc.array(fc.tuple(fc.nat(NAMES - 1), fc.integer({ min: 1, max: 3 })), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
    fc.record({
      type: fc.constantFrom("start" as const, "release" as const, "rows" as const, "end" as const),
      name: fc.nat(NAMES - 1),
    }),
    fc.record({ type: fc.constant("report" as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ type: fc.constant("answer" as const) }),
  ),
  // Long ones too: only after a while do reports get answered and tasks come back.
  { maxLength: 80, size: "max" },
);

/** The entries that a client writes as these things happen to it. */
export function recordsOf(history: readonly Happening[]): JournalRecord[] {
  const state = emptyJournalState();
  const records: JournalRecord[] = [];
  for (const happening of history) {
    for (const record of entriesFor(state, happening, records.length)) {
      applyRecord(state, record);
      records.push(record);
    }
  }
  return records;
}

function entriesFor(state: JournalState, happening: Happening, seq: number): JournalRecord[] {
  switch (happening.type) {
    case "batch":
      return batchEntries(state, happening.tasks, seq);
    case "report": {
      const count = Math.min(happening.count, state.unreported.length);
      return count === 0 ? [] : [{ type: "report", seq: state.nextReportSeq, count }];
    }
    case "answer": {
      const [first] = state.unanswered.keys();
      return first === undefined ? [] : [{ type: "reported", seq: first }];
    }
    default:
      return runEntries(state, happening.type, delivered(happening.name).id);
  }
}

function batchEntries(
  state: JournalState,
  names: readonly (readonly [number, number])[],
  seq: number,
): JournalRecord[] {
  const tasks = names.map(([name, attempt]) => delivered(name, { attempt }));
  const { fresh, adopted, endsAgain } = admit(state, tasks);
  const batch: JournalRecord = { type: "batch", position: { epoch: 1, seq }, fresh, adopted };
  return endsAgain.length === 0 ? [batch] : [batch, { type: "items", at: seq, items: endsAgain }];
}

function runEntries(
  state: JournalState,
  type: "start" | "release" | "rows" | "end",
  id: TaskId,
): JournalRecord[] {
  const held = state.held.get(id);
  if (held === undefined) return [];
  const { attempt } = held.task;
  const items = (item: ReportItem): JournalRecord[] => [{ type: "items", at: 1, items: [item] }];
  switch (type) {
    case "start":
      return held.running ? [] : [{ type: "started", ids: [id] }];
    case "release":
      return held.running ? [{ type: "released", ids: [id] }] : [];
    case "rows":
      return held.running
        ? items({ id, attempt, event: "rows", part: held.nextPart, rows: [1] })
        : [];
    case "end":
      return held.running ? items({ id, attempt, event: "succeeded" }) : [];
  }
}

/** The state after these entries. */
export function replay(records: Iterable<JournalRecord>): JournalState {
  const state = emptyJournalState();
  for (const record of records) applyRecord(state, record);
  return state;
}

/** Every task that a batch among these entries brought. */
export function acceptedIn(records: readonly JournalRecord[]): Set<TaskId> {
  const ids = records.flatMap((record) => (record.type === "batch" ? record.fresh : []));
  return new Set(ids.map((task) => task.id));
}

/** Every task that ended in these entries. */
export function endedIn(records: readonly JournalRecord[]): Set<TaskId> {
  const items = records.flatMap((record) => (record.type === "items" ? record.items : []));
  return new Set(items.filter((item) => item.event === "succeeded").map((item) => item.id));
}
