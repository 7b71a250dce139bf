import type { ReportItem, TaskId } from "@sluice/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ExceptionEntry,
  entriesOf,
  historyOfExceptions,
  historyOfReport,
} from "../../../durable-objects/client/history.ts";
import { taskIdOf, taskIdPrefix } from "../../../durable-objects/client/task-id.ts";
import { aReport } from "../../builders/frames.ts";

const idOf = (ordinal: number): TaskId => taskIdOf(taskIdPrefix(0), ordinal);
const rows = (ordinal: number): ReportItem => ({
  id: idOf(ordinal),
  attempt: 1,
  event: "rows",
  part: 0,
  rows: [{ n: ordinal }],
});
const EVERYONES = () => true;
const historyOf = (...items: readonly ReportItem[]) =>
  historyOfReport(aReport({ seq: 7, items }), EVERYONES);

const requeued = (task: number, overrides: Partial<ExceptionEntry> = {}): ExceptionEntry => ({
  task,
  attempt: 1,
  event: "requeued",
  note: "lost",
  ...overrides,
});

describe("what a report leaves in history", () => {
  it("is nothing when it carries changes of state alone", () => {
    const bare = (event: "started" | "succeeded" | "cancelled"): ReportItem => ({
      id: idOf(1),
      attempt: 1,
      event,
    });
    expect(historyOf(bare("started"), bare("succeeded"), bare("cancelled"))).toBeNull();
  });

  it("is one body, with the range of tasks that it speaks of", () => {
    expect(historyOf(rows(9), rows(3), rows(5))).toMatchObject({ seq: 7, low: 3, high: 9 });
  });

  it("is rows, progress and failures, each with its task and attempt", () => {
    const id = idOf(4);
    const error = { code: "broken", message: "no disk" };
    const body = historyOf(
      { id, attempt: 2, event: "progress", done: 0.5, note: "half" },
      { id, attempt: 2, event: "progress", done: 0.6 },
      rows(4),
      { id, attempt: 2, event: "failed", error },
    );
    expect(entriesOf(body?.body ?? "", 4)).toEqual([
      { task: 4, attempt: 2, event: "progress", done: 0.5, note: "half" },
      { task: 4, attempt: 2, event: "progress", done: 0.6 },
      { task: 4, attempt: 1, event: "rows", part: 0, rows: [{ n: 4 }] },
      { task: 4, attempt: 2, event: "failed", error },
    ]);
  });

  it("is nothing of ids that are none, or of tasks that are not this client's", () => {
    expect(historyOf({ ...rows(1), id: "tk_x" as TaskId })).toBeNull();
    expect(historyOfReport(aReport({ items: [rows(1)] }), () => false)).toBeNull();
  });
});

describe("exceptions decided in one turn", () => {
  it("become one entry where neighbours share their fate", () => {
    const body = historyOfExceptions([3, 1, 2].map((task) => requeued(task)));
    expect(body).toMatchObject({ seq: 0, low: 1, high: 3 });
    expect(JSON.parse(body?.body ?? "")).toEqual([{ ...requeued(1), through: 3 }]);
  });

  it.each([
    ["task", requeued(3)],
    ["attempt", requeued(2, { attempt: 2 })],
    ["event", requeued(2, { event: "dead" })],
    ["note", requeued(2, { note: "late" })],
  ])("stay apart where they differ by %s", (_what, other) => {
    const body = historyOfExceptions([requeued(1), other]);
    expect(JSON.parse(body?.body ?? "")).toHaveLength(2);
  });

  it("leave nothing when there were none", () => {
    expect(historyOfExceptions([])).toBeNull();
  });

  it("are found again by every task they speak of, and by no other", () => {
    const tasks = fc.uniqueArray(fc.nat({ max: 40 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(tasks, (chosen) => {
        const body = historyOfExceptions(chosen.map((task) => requeued(task)));
        for (let task = 0; task <= 41; task += 1) {
          const found = entriesOf(body?.body ?? "", task);
          expect(found).toHaveLength(chosen.includes(task) ? 1 : 0);
        }
      }),
    );
  });
});
