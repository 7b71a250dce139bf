import type { ReportItem } from "@sluice/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  admit,
  applyRecord,
  currentAttempt,
  emptyJournalState,
  FINISHED_KEPT,
  type JournalState,
  snapshotRecords,
} from "../../../packages/sdk/src/journal/journal-state.ts";
import type { JournalRecord } from "../../../packages/sdk/src/journal/record.ts";
import { acceptedIn, endedIn, happenings, recordsOf, replay } from "./builders/histories.ts";
import { delivered, taskId } from "./builders/tasks.ts";

const batch = (...tasks: ReturnType<typeof delivered>[]): JournalRecord => ({
  type: "batch",
  position: { epoch: 1, seq: 1 },
  fresh: tasks,
  adopted: [],
});
const items = (at: number, ...items: ReportItem[]): JournalRecord => ({ type: "items", at, items });
const succeeded = (name: string | number, attempt = 1): ReportItem => ({
  id: taskId(name),
  attempt,
  event: "succeeded",
});

/** A state in which task `a` ended and the server knows of it. */
function answered(): JournalState {
  return replay([
    batch(delivered("a")),
    { type: "started", ids: [taskId("a")] },
    items(1, succeeded("a")),
    { type: "report", seq: 1, count: 1 },
    { type: "reported", seq: 1 },
  ]);
}

describe("admitting a batch", () => {
  it("takes what it does not know, once", () => {
    const { fresh, duplicates } = admit(emptyJournalState(), [delivered("a"), delivered("a")]);
    expect(fresh).toHaveLength(1);
    expect(duplicates).toBe(1);
  });

  it("does not take what it holds", () => {
    const state = replay([batch(delivered("a"))]);
    expect(admit(state, [delivered("a")])).toMatchObject({ fresh: [], adopted: [], endsAgain: [] });
  });

  it("adopts a higher attempt of what it holds, and no lower one", () => {
    const state = replay([batch(delivered("a", { attempt: 2 }))]);
    expect(admit(state, [delivered("a", { attempt: 3 })]).adopted).toEqual([[taskId("a"), 3]]);
    expect(admit(state, [delivered("a", { attempt: 1 })]).adopted).toEqual([]);
  });

  it("does not run again what ended, and says nothing twice while the end is on its way", () => {
    const state = replay([batch(delivered("a")), items(1, succeeded("a"))]);
    const admission = admit(state, [delivered("a", { attempt: 2 })]);
    expect(admission).toMatchObject({ fresh: [], endsAgain: [], adopted: [[taskId("a"), 2]] });
  });

  it("takes a task that stands in it twice under its highest attempt", () => {
    const attempts = [2, 3, 1].map((attempt) => delivered("a", { attempt }));
    expect(admit(emptyJournalState(), attempts).fresh).toEqual([attempts[1]]);
    expect(admit(replay([batch(delivered("a"))]), attempts).adopted).toEqual([[taskId("a"), 3]]);
    expect(admit(answered(), attempts).endsAgain).toEqual([succeeded("a", 3)]);
  });

  it("reports an end again that the server stored and asks for again", () => {
    const admission = admit(answered(), [delivered("a", { attempt: 2 })]);
    expect(admission.fresh).toEqual([]);
    expect(admission.endsAgain).toEqual([succeeded("a", 2)]);
  });
});

describe("an adopted attempt", () => {
  const adopt: JournalRecord = {
    type: "batch",
    position: { epoch: 2, seq: 1 },
    fresh: [],
    adopted: [[taskId("a"), 4]],
  };
  const row: ReportItem = { id: taskId("a"), attempt: 1, event: "rows", part: 0, rows: [1] };

  it("goes for items that were written under an earlier one", () => {
    const state = replay([batch(delivered("a")), items(1, row), adopt]);
    expect(currentAttempt(state, row)).toBe(4);
  });

  it("outlives the end of a run that began under an earlier one", () => {
    const state = replay([batch(delivered("a")), adopt, items(1, succeeded("a", 1))]);
    expect(currentAttempt(state, row)).toBe(4);
  });
});

describe("starts", () => {
  const started: JournalRecord = { type: "started", ids: [taskId("a")] };

  it("are counted for as long as the task has no end", () => {
    const state = replay([batch(delivered("a")), started, started]);
    expect(state.held.get(taskId("a"))).toMatchObject({ starts: 2, running: true });
  });

  it("that were released do not count", () => {
    const state = replay([
      batch(delivered("a")),
      started,
      { type: "released", ids: [taskId("a")] },
    ]);
    expect(state.held.get(taskId("a"))).toMatchObject({ starts: 0, running: false });
  });
});

describe("what ended", () => {
  /** `count` tasks that ended at `at` and are known to the server. */
  function endMany(state: JournalState, count: number, at: number): void {
    const all = Array.from({ length: count }, (_, name) => succeeded(name));
    applyRecord(state, items(at, ...all));
    applyRecord(state, { type: "report", seq: 1, count });
    applyRecord(state, { type: "reported", seq: 1 });
  }

  it("is forgotten, oldest first, above the bound", () => {
    const state = emptyJournalState();
    endMany(state, FINISHED_KEPT.tasks, 1);
    applyRecord(state, items(2, succeeded("new"), succeeded("newer")));
    expect(state.finished.size).toBe(FINISHED_KEPT.tasks);
    expect(state.finished.has(taskId(1))).toBe(false);
    expect(state.finished.has(taskId(2))).toBe(true);
    expect(state.finished.has(taskId("newer"))).toBe(true);
  });

  it("is forgotten after its time", () => {
    const state = emptyJournalState();
    endMany(state, 2, 0);
    applyRecord(state, items(FINISHED_KEPT.ms + 1, succeeded("new")));
    expect([...state.finished.keys()]).toEqual([taskId("new")]);
  });

  it("is not forgotten while the server does not know of it", () => {
    const state = replay([items(0, succeeded("a")), items(FINISHED_KEPT.ms + 1, succeeded("b"))]);
    expect(state.finished.has(taskId("a"))).toBe(true);
  });
});

describe("any history", () => {
  it("loses no accepted task and would run no finished one, wherever it breaks off", () => {
    fc.assert(
      fc.property(happenings, fc.nat(), (history, chance) => {
        const all = recordsOf(history);
        const records = all.slice(0, all.length === 0 ? 0 : chance % (all.length + 1));
        const state = replay(records);
        const ended = endedIn(records);
        for (const id of acceptedIn(records)) {
          expect(state.held.has(id)).toBe(!ended.has(id));
          expect(admit(state, [{ ...delivered(0), id, attempt: 9 }]).fresh).toEqual([]);
        }
        const onTheirWay = [...state.unanswered.values(), state.unreported].flat();
        for (const [id, { answered }] of state.finished) {
          const isOnItsWay = onTheirWay.some((item) => item.id === id && item.event !== "rows");
          expect(isOnItsWay).toBe(!answered);
        }
      }),
    );
  });

  it("is told as well by a snapshot", () => {
    fc.assert(
      fc.property(happenings, (history) => {
        const state = replay(recordsOf(history));
        expect(replay(snapshotRecords(state))).toEqual(state);
      }),
    );
  });

  it("goes on from a snapshot as it would have gone on without it", () => {
    fc.assert(
      fc.property(happenings, fc.nat(), (history, chance) => {
        const records = recordsOf(history);
        const cut = records.length === 0 ? 0 : chance % records.length;
        const snapshot = [...snapshotRecords(replay(records.slice(0, cut)))];
        expect(replay([...snapshot, ...records.slice(cut)])).toEqual(replay(records));
      }),
    );
  });

  it("never uses the number of a report twice", () => {
    fc.assert(
      fc.property(happenings, (history) => {
        const seqs = recordsOf(history).flatMap((each) => (each.type === "report" ? each.seq : []));
        expect(new Set(seqs).size).toBe(seqs.length);
      }),
    );
  });
});
