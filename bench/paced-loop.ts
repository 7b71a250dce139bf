import { setTimeout as sleep } from "node:timers/promises";
import type { BatchFrame } from "@sluice/protocol";
import { RawClient, type RawClientOptions } from "../test/harness/raw-client.ts";
import { type Running, runSluice } from "../test/harness/running.ts";

/** When each task was asked for and when it came, ms on one clock, by its number. */
export interface Delivered {
  readonly calledAtMs: readonly number[];
  readonly receivedAtMs: ReadonlyMap<number, number>;
  readonly frames: number;
  readonly limiterTrips: number;
  /** When the last call was answered. */
  readonly lastCallMs: number;
}

/**
 * Schedules `count` tasks, one call each, `everyMs` apart, at a client that acknowledges what it gets,
 * and waits until all have come or `patienceMs` have passed since the last call.
 */
export async function scheduleInLoop(
  running: Running,
  client: { readonly clientId: string; readonly token: string },
  limiter: RawClientOptions["limiter"],
  plan: { readonly count: number; readonly everyMs: number; readonly patienceMs: number },
): Promise<Delivered> {
  const receivedAtMs = new Map<number, number>();
  let frames = 0;
  const socket = await RawClient.connect({
    url: running.service.url,
    token: client.token,
    slots: plan.count,
    ...(limiter && { limiter }),
    onBatch: (batch, self) => {
      frames += 1;
      noteReceived(batch, receivedAtMs);
      self.ack(batch);
      self.succeed(batch.tasks);
    },
  });
  const calledAtMs: number[] = [];
  const beganAt = performance.now();
  for (let number = 0; number < plan.count; number += 1) {
    await sleep(Math.max(0, beganAt + number * plan.everyMs - performance.now()));
    calledAtMs.push(performance.now());
    await running.operator.schedule(client.clientId, [{ kind: "bench.task", args: { number } }]);
  }
  const lastCallMs = performance.now();
  while (receivedAtMs.size < plan.count && performance.now() - lastCallMs < plan.patienceMs) {
    await sleep(10);
  }
  const limiterTrips = socket.limiter?.trips ?? 0;
  await socket.close();
  return { calledAtMs, receivedAtMs, frames, limiterTrips, lastCallMs };
}

function noteReceived(batch: BatchFrame, receivedAtMs: Map<number, number>): void {
  const now = performance.now();
  for (const { args } of batch.tasks) receivedAtMs.set(Number(args.number), now);
}

/** Runs `work` on a service of its own. */
export async function withSluice<Value>(
  work: (running: Running) => Promise<Value>,
): Promise<Value> {
  const running = await runSluice();
  try {
    return await work(running);
  } finally {
    await running.service.stop();
  }
}
