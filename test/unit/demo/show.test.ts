import { describe, expect, test } from "vitest";
import { burstLines, comparison, duration, rowSamples } from "../../../scripts/demo/show.ts";
import { figures, NOON_MS, succeededTask } from "./builders.ts";

test.each([
  [0.4, "0 ms"],
  [63, "63 ms"],
  [999.6, "1000 ms"],
  [1_840, "1.8 s"],
  [12_000, "12 s"],
  [2_700_000, "45 min"],
])("%d ms reads %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

describe("a burst on the screen", () => {
  test("names its frames with their sizes and times, the first few of many", () => {
    const frames = Array.from({ length: 7 }, (_, index) => {
      return { epoch: 1, seq: index, sentAtMs: NOON_MS + index * 50, tasks: index + 1 };
    });
    const lines = burstLines(figures({ frames, firstCallAtMs: NOON_MS }), 28);
    expect(lines).toContain(
      "  frames  7: 1 at 0 ms, 2 at 50 ms, 3 at 100 ms, 4 at 150 ms, 5 at 200 ms, 2 more",
    );
  });

  test("shows no latency before there is one", () => {
    const none = { p50: Number.NaN, p99: Number.NaN };
    expect(burstLines(figures({ callToResult: none }), 1)).toContain("          call → result –");
  });
});

test("the comparison marks what was measured and what was computed", () => {
  const unbatched = {
    frames: 100,
    limiterTrips: 90,
    delivered: 10,
    watchedMs: 12_000,
    lastDeliveryMs: 2_700_000,
  };
  const lines = comparison(1, unbatched, figures({ lastDeliveryMs: 63 }), 0);
  expect(lines.at(-1)).toMatch(/45 min \(computed\) +63 ms \(measured\)$/);
  expect(lines.filter((line) => line.includes("(computed)"))).toHaveLength(1);
});

test("row samples show plain text, whatever a machine reported", () => {
  const task = { ...succeededTask(1, 1, 2, 3), kind: "process.list" };
  const rows = [{ pid: 7, name: "bad\u001b[31mname", user: ["not", "text"] }];
  const lines = rowSamples(
    { collections: [{ calledAtMs: NOON_MS, task, rows }], answeredAtMs: NOON_MS },
    80,
  );
  expect(lines.join("\n")).toContain("badname");
  expect(lines.join("\n")).not.toContain("\u001b");
});
