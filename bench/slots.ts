import { setTimeout as sleep } from "node:timers/promises";
import { createClient, memoryJournal } from "@sluice/sdk/node";
import { withSluice } from "./paced-loop.ts";
import { type Findings, rounded } from "./report.ts";

const TASKS = 100;
const TASK_MS = 1_000;
const CONCURRENCY = 2;
const SLOTS = 4;
const PATIENCE_MS = 120_000;

/** A hundred tasks of a second each, to a client that runs two at a time and holds four. */
export async function run(): Promise<Findings> {
  return withSluice(async (running) => {
    const { clientId, token } = await running.operator.enrol("slots");
    let received = 0;
    const client = createClient({
      url: running.service.url,
      token,
      agent: "bench/1.0",
      journal: memoryJournal(),
      concurrency: CONCURRENCY,
      slots: SLOTS,
    });
    client.handle("bench.second", async () => {
      await sleep(TASK_MS);
      received += 1;
    });
    await client.start();
    const beganAt = performance.now();
    for (let number = 0; number < TASKS; number += 1) {
      await running.operator.schedule(clientId, [{ kind: "bench.second" }]);
    }
    const done = () => received === TASKS;
    while (!done() && performance.now() - beganAt < PATIENCE_MS) await sleep(10);
    const doneMs = rounded(performance.now() - beganAt, 0);
    await client.stop();
    return {
      figures: { received, doneMs },
      targets: [
        { figure: "received", wanted: "100", met: received === TASKS },
        { figure: "doneMs", wanted: "at most 55,000", met: doneMs <= 55_000 },
      ],
    };
  });
}
