import { beforeEach, describe, expect, test } from "vitest";
import {
  type Batch,
  FLUSH_AFTER_MS,
  LineBuffer,
  MAX_ROW_CHARACTERS,
  MAX_ROW_LINES,
} from "../../../durable-objects/recorder/line-buffer.ts";

let now: number;
let timers: { at: number; act: () => void }[];
let written: Batch[];
let buffer: LineBuffer;

beforeEach(() => {
  now = 1_000;
  timers = [];
  written = [];
  buffer = new LineBuffer({
    now: () => now,
    later: (ms, act) => {
      const timer = { at: now + ms, act };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    write: (batch) => written.push(batch),
  });
});

function pass(ms: number): void {
  now += ms;
  const due = timers.filter(({ at }) => at <= now);
  timers = timers.filter(({ at }) => at > now);
  for (const { act } of due) act();
}

describe("lines that come within a few seconds", () => {
  test("share one row, dated by the first", () => {
    buffer.add("a");
    pass(FLUSH_AFTER_MS - 1);
    buffer.add("b");
    expect(written).toEqual([]);
    pass(1);
    expect(written).toEqual([{ since: 1_000, lines: ["a", "b"] }]);
    pass(10 * FLUSH_AFTER_MS);
    expect(written).toHaveLength(1);
  });

  test("are written early when they are many, and the next begin anew", () => {
    for (let line = 0; line <= MAX_ROW_LINES; line += 1) buffer.add(String(line));
    expect(written.map(({ lines }) => lines.length)).toEqual([MAX_ROW_LINES]);
    expect(buffer.size).toBe(1);
    pass(FLUSH_AFTER_MS);
    expect(written[1]?.lines).toEqual([String(MAX_ROW_LINES)]);
  });

  test("are written early when they are long", () => {
    const long = "x".repeat(MAX_ROW_CHARACTERS / 4);
    for (let line = 0; line < 4; line += 1) buffer.add(long);
    expect(written).toHaveLength(1);
  });

  test("are given up when they are to be", () => {
    buffer.add("a");
    buffer.clear();
    expect(buffer.size).toBe(0);
    pass(FLUSH_AFTER_MS);
    expect(written).toEqual([]);
  });
});

test("nothing is written of nothing", () => {
  buffer.flush();
  expect(written).toEqual([]);
});
