import { describe, expect, test } from "vitest";
import { figuresOf } from "../../../scripts/demo/burst-figures.ts";
import { framesOf, percentile } from "../../../scripts/demo/frames.ts";
import { expiredTask, NOON_MS, succeededTask } from "./builders.ts";

describe("frames, as timelines tell them", () => {
  test("tasks of one sequence number left in one frame, frames stand in their order", () => {
    const tasks = [
      succeededTask(2, 60, 61, 70),
      succeededTask(1, 5, 6, 9),
      succeededTask(2, 60, 61, 80),
    ];
    expect(framesOf(tasks)).toEqual([
      { epoch: 1, seq: 1, sentAtMs: NOON_MS + 5, tasks: 1 },
      { epoch: 1, seq: 2, sentAtMs: NOON_MS + 60, tasks: 2 },
    ]);
  });

  test("a task that never left is in no frame", () => {
    expect(framesOf([expiredTask()])).toEqual([]);
  });
});

describe("figures of a burst", () => {
  const first = { calledAtMs: NOON_MS, task: succeededTask(1, 5, 10, 20), rows: [1, 2] };
  const second = { calledAtMs: NOON_MS + 4, task: succeededTask(2, 60, 70, 100), rows: [3] };

  test("latencies count from each task's own call", () => {
    const { callToFrame, callToAccepted, callToResult } = figuresOf({
      collections: [first, second],
      answeredAtMs: NOON_MS + 8,
    });
    expect(callToFrame).toEqual({ p50: 5, p99: 56 });
    expect(callToAccepted).toEqual({ p50: 10, p99: 66 });
    expect(callToResult).toEqual({ p50: 20, p99: 96 });
  });

  test("the last delivery counts from the answer to the last call", () => {
    const collections = [first, second];
    expect(figuresOf({ collections, answeredAtMs: NOON_MS + 8 })).toMatchObject({
      callsTookMs: 8,
      lastDeliveryMs: 62,
      rows: 3,
      succeeded: 2,
      otherEnds: 0,
    });
  });

  test("while a task is on its way there is no last delivery", () => {
    const waiting = { calledAtMs: NOON_MS, task: null, rows: null };
    const { lastDeliveryMs, succeeded } = figuresOf({
      collections: [first, waiting],
      answeredAtMs: NOON_MS + 8,
    });
    expect({ lastDeliveryMs, succeeded }).toEqual({ lastDeliveryMs: null, succeeded: 1 });
  });

  test("an end without success is counted apart", () => {
    const expired = { calledAtMs: NOON_MS, task: expiredTask(), rows: [] };
    const { succeeded, otherEnds } = figuresOf({ collections: [expired], answeredAtMs: NOON_MS });
    expect({ succeeded, otherEnds }).toEqual({ succeeded: 0, otherEnds: 1 });
  });
});

test("a percentile is one of the samples, by the nearest rank", () => {
  const samples = [40, 10, 30, 20];
  expect([0.25, 0.5, 0.51, 0.99].map((share) => percentile(samples, share))).toEqual([
    10, 20, 30, 40,
  ]);
  expect(percentile([], 0.5)).toBeNaN();
});
