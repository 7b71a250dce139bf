import { scheduleInLoop, withSluice } from "./paced-loop.ts";
import { type Findings, rounded } from "./report.ts";
import { VELOCIRAPTOR_LIMITER } from "./velociraptor-limiter.ts";

const TASKS = 60;
const EVERY_MS = 2_000;

/** A task every two seconds for two minutes, to a client that takes ten frames and then one every 30 s. */
export async function run(): Promise<Findings> {
  return withSluice(async (running) => {
    const client = await running.operator.enrol("sustained");
    const delivered = await scheduleInLoop(running, client, VELOCIRAPTOR_LIMITER, {
      count: TASKS,
      everyMs: EVERY_MS,
      patienceMs: 120_000,
    });
    const waits = delivered.calledAtMs.map(
      (calledAt, number) => (delivered.receivedAtMs.get(number) ?? Number.NaN) - calledAt,
    );
    const meanWaitMs = rounded(waits.reduce((sum, wait) => sum + wait, 0) / waits.length, 0);
    const maxWaitMs = rounded(Math.max(...waits), 0);
    const figures = {
      frames: delivered.frames,
      limiterTrips: delivered.limiterTrips,
      received: delivered.receivedAtMs.size,
      meanWaitMs,
      maxWaitMs,
    };
    return {
      figures,
      targets: [
        { figure: "limiterTrips", wanted: "0", met: figures.limiterTrips === 0 },
        { figure: "received", wanted: "60", met: figures.received === TASKS },
        { figure: "meanWaitMs", wanted: "at most 9,000", met: meanWaitMs <= 9_000 },
        { figure: "maxWaitMs", wanted: "at most 27,000", met: maxWaitMs <= 27_000 },
      ],
    };
  });
}
