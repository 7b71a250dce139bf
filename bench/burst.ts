import { setTimeout as sleep } from "node:timers/promises";
import { RawClient } from "../test/harness/raw-client.ts";
import type { Running } from "../test/harness/running.ts";
import { scheduleInLoop, withSluice } from "./paced-loop.ts";
import { type Findings, median, rounded } from "./report.ts";
import { VELOCIRAPTOR_LIMITER } from "./velociraptor-limiter.ts";

const TASKS = 100;
const EVERY_MS = 20;
const LONE_SAMPLES = 20;
/** Longer than any distance that the policy keeps between frames of a client without a rate limit. */
const IDLE_MS = 300;

/** A hundred calls in two seconds to a client that takes ten frames and then one every 30 s. */
export async function run(): Promise<Findings> {
  return withSluice(async (running) => {
    const client = await running.operator.enrol("burst");
    const delivered = await scheduleInLoop(running, client, VELOCIRAPTOR_LIMITER, {
      count: TASKS,
      everyMs: EVERY_MS,
      patienceMs: 60_000,
    });
    const last = Math.max(...delivered.receivedAtMs.values());
    const lone = await loneLatency(running);
    const figures = {
      frames: delivered.frames,
      lastDeliveryMs: rounded(last - delivered.lastCallMs, 1),
      limiterTrips: delivered.limiterTrips,
      received: delivered.receivedAtMs.size,
      loneLatencyMs: rounded(lone.loneLatencyMs),
      echoLatencyMs: rounded(lone.echoLatencyMs),
    };
    return {
      figures,
      targets: [
        { figure: "frames", wanted: "at most 4", met: figures.frames <= 4 },
        { figure: "lastDeliveryMs", wanted: "at most 1,000", met: figures.lastDeliveryMs <= 1000 },
        { figure: "limiterTrips", wanted: "0", met: figures.limiterTrips === 0 },
        { figure: "received", wanted: "100", met: figures.received === TASKS },
      ],
    };
  });
}

/**
 * Median time from a call to its task at an idle client, and, through the same object and socket, of a
 * bare echo: a call that the object answers without storing anything, plus a report without items,
 * which it answers by `reported`.
 */
async function loneLatency(
  running: Running,
): Promise<{ loneLatencyMs: number; echoLatencyMs: number }> {
  const client = await running.operator.enrol("lone");
  const socket = await RawClient.connect({ url: running.service.url, token: client.token });
  const lone: number[] = [];
  const echo: number[] = [];
  for (let sample = 0; sample < LONE_SAMPLES; sample += 1) {
    await sleep(IDLE_MS);
    const calledAt = performance.now();
    void running.operator.schedule(client.clientId, [{ kind: "bench.lone" }]);
    const batch = await socket.next("batch");
    lone.push(performance.now() - calledAt);
    socket.ack(batch);
    socket.succeed(batch.tasks);
    await socket.next("reported");
    await sleep(IDLE_MS);
    const echoedAt = performance.now();
    await running.operator.client(client.clientId);
    socket.report([]);
    await socket.next("reported");
    echo.push(performance.now() - echoedAt);
  }
  await socket.close();
  return { loneLatencyMs: median(lone), echoLatencyMs: median(echo) };
}
