import { describe, expect, it, vi } from "vitest";
import { WakeTimer } from "../../../packages/sdk/src/client/wake-timer.ts";
import { memoryJournal } from "../../../packages/sdk/src/index.ts";

/** A timer on a clock that stands still until it is moved. */
function timerOnFakeClock() {
  vi.useFakeTimers({ now: 0 });
  const wakes: number[] = [];
  const timer = new WakeTimer(() => wakes.push(Date.now()));
  return { timer, wakes };
}

describe("a wake-up timer", () => {
  it("keeps the earliest wish", () => {
    const { timer, wakes } = timerOnFakeClock();
    timer.noLaterThan(100, 0);
    timer.noLaterThan(50, 0);
    timer.noLaterThan(80, 0);
    vi.advanceTimersByTime(1_000);
    expect(wakes).toEqual([50]);
    vi.useRealTimers();
  });

  it("can be put off", () => {
    const { timer, wakes } = timerOnFakeClock();
    timer.set(50, 0);
    timer.set(100, 0);
    vi.advanceTimersByTime(1_000);
    expect(wakes).toEqual([100]);
    vi.useRealTimers();
  });

  it("can be set again when it fired, and cleared", () => {
    const { timer, wakes } = timerOnFakeClock();
    timer.noLaterThan(10, 0);
    vi.advanceTimersByTime(20);
    timer.noLaterThan(30, 20);
    vi.advanceTimersByTime(20);
    timer.noLaterThan(60, 40);
    timer.clear();
    vi.advanceTimersByTime(1_000);
    expect(wakes).toEqual([10, 30]);
    vi.useRealTimers();
  });

  it("fires at once for a time that has passed, and not at once for one beyond what timers take", () => {
    const { timer, wakes } = timerOnFakeClock();
    timer.set(-5, 0);
    vi.advanceTimersByTime(0);
    expect(wakes).toEqual([0]);
    timer.set(2 ** 40, 0);
    vi.advanceTimersByTime(1_000);
    expect(wakes).toEqual([0]);
    timer.clear();
    vi.useRealTimers();
  });
});

describe("a journal in memory", () => {
  it("numbers reports after those of an earlier process", async () => {
    const numbers: number[] = [];
    for (const startedAt of [1_000, 2_000]) {
      const { records } = await memoryJournal(startedAt).open();
      for (const record of records) {
        if (record.type === "counters") numbers.push(record.nextReportSeq);
      }
    }
    expect(numbers).toEqual([1_000, 2_000]);
  });
});
