import { encodeFrame, LIMITS } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { holdings, sortHeld } from "../../../packages/sdk/src/client/holdings.ts";
import { WaitingTasks } from "../../../packages/sdk/src/client/waiting-tasks.ts";
import type { HeldTask, JournalRecord } from "../../../packages/sdk/src/journal/record.ts";
import { replay } from "./builders/histories.ts";
import { delivered, taskId } from "./builders/tasks.ts";

const started = (...names: string[]): JournalRecord => ({
  type: "started",
  ids: names.map(taskId),
});
const succeeded = (name: string): JournalRecord => ({
  type: "items",
  at: 1,
  items: [{ id: taskId(name), attempt: 1, event: "succeeded" }],
});
const batch = (...names: string[]): JournalRecord => ({
  type: "batch",
  position: { epoch: 1, seq: 1 },
  fresh: names.map((name) => delivered(name)),
  adopted: [],
});

describe("what a client says that it holds", () => {
  it("is what is unfinished, and what ended and is not stored, each once", () => {
    const state = replay([
      batch("waiting", "running", "reported", "ended", "stored"),
      started("running", "reported", "ended", "stored"),
      succeeded("stored"),
      { type: "report", seq: 1, count: 1 },
      { type: "reported", seq: 1 },
      succeeded("reported"),
      { type: "report", seq: 2, count: 1 },
      succeeded("ended"),
    ]);
    const names = holdings(state).map(({ id }) => id);
    expect(names).toEqual(["waiting", "running", "reported", "ended"].map(taskId));
  });

  it("is told under the attempt that was adopted", () => {
    const adopted: JournalRecord = {
      type: "batch",
      position: { epoch: 2, seq: 1 },
      fresh: [],
      adopted: [[taskId("a"), 3]],
    };
    const state = replay([batch("a"), started("a"), succeeded("a"), adopted]);
    expect(holdings(state)).toEqual([{ id: taskId("a"), attempt: 3 }]);
  });
});

describe("what a client holds beyond measure", () => {
  it("is cut to what one hello carries", () => {
    const short = replay([batch(...Array.from({ length: 21_000 }, (_, name) => String(name)))]);
    expect(holdings(short)).toHaveLength(LIMITS.runningEntries);
    const long = replay([
      batch(...Array.from({ length: 19_000 }, (_, name) => `${name}`.padEnd(99))),
    ]);
    const running = holdings(long);
    expect(running.length).toBeGreaterThan(7_000);
    const hello = encodeFrame({ type: "hello", agent: "a".repeat(128), running });
    expect(hello.length).toBeLessThanOrEqual(LIMITS.clientFrameBytes);
  });
});

describe("what an earlier process left", () => {
  it("is sorted by whether it ran, and how often that ended a process", () => {
    const state = replay([
      batch("never", "once", "thrice"),
      started("once", "thrice"),
      started("thrice"),
      started("thrice"),
    ]);
    const { waiting, interrupted, poisoned } = sortHeld(state, 3);
    expect(waiting.map(({ id }) => id)).toEqual([taskId("never")]);
    expect(interrupted.map(({ task }) => task.id)).toEqual([taskId("once")]);
    expect(poisoned.map(({ task }) => task.id)).toEqual([taskId("thrice")]);
  });
});

describe("tasks that saw their process die", () => {
  const suspect = (name: string, starts: number): HeldTask => ({
    task: delivered(name),
    starts,
    running: true,
    nextPart: 0,
  });

  it("run one at a time, those that saw it least first, beside others that did not", () => {
    const waiting = new WaitingTasks(4);
    waiting.addSuspects([suspect("twice", 2), suspect("once", 1)]);
    waiting.add(delivered("other"));
    expect(waiting.size).toBe(3);
    expect(waiting.take(0)?.id).toBe(taskId("once"));
    expect(waiting.take(1)?.id).toBe(taskId("other"));
    expect(waiting.take(2)).toBeNull();
    waiting.ended(taskId("other"));
    expect(waiting.take(1)).toBeNull();
    waiting.ended(taskId("once"));
    expect(waiting.take(0)?.id).toBe(taskId("twice"));
  });

  it("never use the slot that is kept for the urgent", () => {
    const waiting = new WaitingTasks(1);
    waiting.addSuspects([suspect("once", 1)]);
    waiting.add(delivered("usual"));
    waiting.add(delivered("urgent", { priority: 9 }));
    expect(waiting.take(1)?.id).toBe(taskId("urgent"));
    expect(waiting.take(2)).toBeNull();
  });
});
