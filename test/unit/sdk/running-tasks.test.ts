import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AbortCause, Run } from "../../../packages/sdk/src/client/run.ts";
import { RunningTasks } from "../../../packages/sdk/src/client/running-tasks.ts";
import { DEFAULT_TUNING } from "../../../packages/sdk/src/client/tuning.ts";
import { delivered } from "./builders/tasks.ts";

const TUNING = { ...DEFAULT_TUNING, graceMs: 50, drainMs: 200 };
const CLOCK = { now: () => Date.now(), random: () => 0 };
const SILENT = { touched: () => {}, partFull: () => {}, room: async () => {} };

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Running tasks that note what was given up, and when. */
function start() {
  const givenUp: { readonly id: string; readonly cause: AbortCause; readonly atMs: number }[] = [];
  const running = new RunningTasks(TUNING, CLOCK, (run, cause) => {
    givenUp.push({ id: run.task.id, cause, atMs: Date.now() });
    run.over = true;
    running.remove(run);
  });
  const run = (name: string, timeoutMs: number) => {
    const begun = new Run(delivered(name, { timeoutMs }), 0, SILENT);
    running.add(begun);
    running.begin(begun);
    return begun;
  };
  return { running, run, givenUp };
}

describe("a run", () => {
  it("is asked to stop when its time is over, and given up when its grace is", () => {
    const { running, run, givenUp } = start();
    const one = run("a", 100);
    vi.advanceTimersByTime(99);
    expect(one.abortCause).toBeNull();
    vi.advanceTimersByTime(1);
    expect(one.abortCause).toBe("timeout");
    vi.advanceTimersByTime(1_000);
    expect(givenUp).toEqual([{ id: one.task.id, cause: "timeout", atMs: 150 }]);
    expect([running.size, running.abandoned]).toEqual([0, 1]);
  });

  it("is not given up when it ended within its time, or within its grace", () => {
    const { running, run, givenUp } = start();
    const inTime = run("a", 100);
    const inGrace = run("b", 100);
    running.remove(inTime);
    vi.advanceTimersByTime(120);
    running.remove(inGrace);
    vi.advanceTimersByTime(1_000);
    expect(givenUp).toEqual([]);
    expect([inTime.abortCause, inGrace.abortCause]).toEqual([null, "timeout"]);
  });

  it("has a time of its own", () => {
    const { run, givenUp } = start();
    const runs = [run("a", 300), run("b", 100), run("c", 200)];
    vi.advanceTimersByTime(1_000);
    const [a, b, c] = runs.map(({ task }) => task.id);
    expect(givenUp.map(({ id, atMs }) => [id, atMs])).toEqual([
      [b, 150],
      [c, 250],
      [a, 350],
    ]);
  });

  it("gets one grace, however often it is asked to stop", () => {
    const { running, run, givenUp } = start();
    const one = run("a", 1_000);
    running.abort(one, "cancelled");
    vi.advanceTimersByTime(40);
    running.abort(one, "stopping");
    vi.advanceTimersByTime(1_000);
    expect(givenUp).toMatchObject([{ cause: "cancelled", atMs: 50 }]);
  });
});

describe("a drain", () => {
  it("is over at once when nothing runs", async () => {
    const { running } = start();
    await running.drain();
    expect(running.stopping).toBe(true);
  });

  it("waits for what runs, and asks it to stop when that takes too long", async () => {
    const { running, run, givenUp } = start();
    const quick = run("a", 10_000);
    const slow = run("b", 10_000);
    let isOver = false;
    const drained = running.drain().then(() => {
      isOver = true;
    });
    running.remove(quick);
    await vi.advanceTimersByTimeAsync(249);
    expect([isOver, slow.abortCause]).toEqual([false, "stopping"]);
    await vi.advanceTimersByTimeAsync(1);
    await drained;
    expect(givenUp).toMatchObject([{ id: slow.task.id, cause: "stopping", atMs: 250 }]);
  });

  it("bounds a run too whose time has not begun yet", async () => {
    const { running, givenUp } = start();
    const late = new Run(delivered("a", { timeoutMs: 10_000 }), 0, SILENT);
    running.add(late);
    const drained = running.drain();
    running.begin(late);
    await vi.advanceTimersByTimeAsync(250);
    await drained;
    expect(givenUp).toMatchObject([{ cause: "stopping", atMs: 250 }]);
  });

  it("leaves no timer behind that would keep the process from ending", async () => {
    const { running, run } = start();
    const one = run("a", 10_000);
    const drained = running.drain();
    running.remove(one);
    await drained;
    expect(vi.getTimerCount()).toBe(0);
  });
});
