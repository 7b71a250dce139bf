import { setTimeout as sleep } from "node:timers/promises";
import type { BatchFrame } from "@sluice/protocol";
import { describe, expect, test } from "vitest";
import { tasks } from "../../builders/tasks.ts";
import type { RawClient } from "../raw-client.ts";
import { eventually, Machine, useSluice } from "./machine.ts";

const sluice = useSluice();

/** They keep time with the service, which a busy machine may hold up; not three times in a row. */
const TIMED = { retry: 2 };

const SECOND_MS = 1_000;

interface Course {
  /** Tasks scheduled, one call each, and the time between two calls. */
  readonly calls: number;
  readonly everyMs: number;
  readonly limiter: { readonly burst: number; readonly perSecond: number };
}

/** Schedules tasks in a loop at a client that takes what it gets; answers how that went. */
async function runCourse({ calls, everyMs, limiter }: Course) {
  const machine = await Machine.enrol(sluice());
  const receivedAtMs = new Map<unknown, number>();
  const take = (batch: BatchFrame, client: RawClient) => {
    for (const { args } of batch.tasks) receivedAtMs.set(args.n, performance.now());
    client.ack(batch);
    client.succeed(batch.tasks);
  };
  const client = await machine.connect({}, { limiter, slots: calls, onBatch: take });
  const calledAtMs: number[] = [];
  const answers: Promise<unknown>[] = [];
  for (const [n, task] of tasks(calls).entries()) {
    calledAtMs[n] = performance.now();
    answers.push(machine.schedule(task));
    await sleep(everyMs);
  }
  await Promise.all(answers);
  await eventually(() => expect(receivedAtMs.size).toBe(calls));
  const waits = calledAtMs.map((calledAt, n) => (receivedAtMs.get(n) ?? Infinity) - calledAt);
  const frames = client.received.filter(({ frame }) => frame.type === "batch").length;
  return { frames, trips: client.limiter?.trips, longestWaitMs: Math.max(...waits) };
}

describe.concurrent("a client that takes ten frames and then one every 30 s", () => {
  const limiter = { burst: 10, perSecond: 1 / 30 };

  test(
    "gets a hundred tasks of a loop in at most four frames, and within seconds",
    TIMED,
    async () => {
      const course = await runCourse({ calls: 100, everyMs: 20, limiter });
      expect(course.frames).toBeLessThanOrEqual(4);
      expect(course.trips).toBe(0);
      expect(course.longestWaitMs).toBeLessThan(10 * SECOND_MS);
    },
  );

  test(
    "is sent no more frames than it has tokens, however long its queue is fed",
    TIMED,
    async () => {
      const course = await runCourse({ calls: 40, everyMs: 150, limiter });
      expect(course.frames).toBeLessThanOrEqual(limiter.burst);
      expect(course.trips).toBe(0);
      expect(course.longestWaitMs).toBeLessThan(30 * SECOND_MS);
    },
  );
});

test.concurrent(
  "a stream beyond what a limiter gives back is spread, and no task is stalled",
  TIMED,
  async () => {
    // Sixty tasks 2 s apart at a token in 30 s, played twenty times as fast: a frame for each task would keep
    // the last of them waiting for 46 tokens, more than a minute.
    const refillMs = 1.5 * SECOND_MS;
    const limiter = { burst: 10, perSecond: SECOND_MS / refillMs };
    const course = await runCourse({ calls: 60, everyMs: 100, limiter });
    expect(course.trips).toBe(0);
    expect(course.longestWaitMs).toBeLessThan(2 * refillMs);
  },
);
