import { setTimeout as sleep } from "node:timers/promises";
import type { TaskSpec } from "@sluice/protocol";
import { createClient, memoryJournal } from "@sluice/sdk/node";
import type { Running } from "../test/harness/running.ts";
import { withSluice } from "./paced-loop.ts";
import { type Findings, rounded } from "./report.ts";

const BULK_CALLS = 20;
const BULK_TASKS = 1_000;
const SINGLE_TASKS = 200;
/** Between single calls: each is a lone task that is sent, run and reported by itself. */
const SINGLE_EVERY_MS = 100;
const SLOTS = 5_000;

/** What the objects of one class count of themselves. */
interface Usage {
  readonly rowsWritten: number;
  readonly alarmsSet: number;
}

/** Rows written per task over its whole life, alarms included, with a result row for every task. */
export async function run(): Promise<Findings> {
  return withSluice(async (running) => {
    const bulk = await rowsPerTask(running, BULK_CALLS, BULK_TASKS, 0);
    const single = await rowsPerTask(running, SINGLE_TASKS, 1, SINGLE_EVERY_MS);
    return {
      figures: { rowsPerTaskBulk: bulk, rowsPerTaskSingle: single },
      targets: [
        { figure: "rowsPerTaskBulk", wanted: "at most 0.02", met: bulk <= 0.02 },
        { figure: "rowsPerTaskSingle", wanted: "at most 5", met: single <= 5 },
      ],
    };
  });
}

async function rowsPerTask(
  running: Running,
  calls: number,
  tasksPerCall: number,
  everyMs: number,
): Promise<number> {
  const { clientId, token } = await running.operator.enrol("rows");
  let done = 0;
  const client = createClient({
    url: running.service.url,
    token,
    agent: "bench/1.0",
    journal: memoryJournal(),
    concurrency: 8,
    slots: SLOTS,
  });
  client.handle("bench.row", async (_args, context) => {
    await context.row({ answer: 42 });
    done += 1;
  });
  await client.start();
  const before = await usageOf(running, clientId);
  const tasks: TaskSpec[] = Array.from({ length: tasksPerCall }, () => ({ kind: "bench.row" }));
  for (let call = 1; call <= calls; call += 1) {
    await running.operator.schedule(clientId, tasks);
    while (done < call * tasksPerCall) await sleep(2);
    await sleep(everyMs);
  }
  await untilSettled(running, clientId);
  const after = await usageOf(running, clientId);
  await client.stop();
  const rows = after.rowsWritten + after.alarmsSet - before.rowsWritten - before.alarmsSet;
  return rounded(rows / (calls * tasksPerCall), 4);
}

async function untilSettled(running: Running, clientId: string): Promise<void> {
  for (;;) {
    const { queue } = await running.operator.client(clientId);
    if (queue.queued + queue.inFlight === 0) return;
    await sleep(20);
  }
}

/** Asks the object itself; the storage's own counters, plus the alarms that it set (a row each). */
async function usageOf(running: Running, clientId: string): Promise<Usage> {
  const objects = await running.service.objects("CLIENT");
  const client = objects.get(objects.idFromName(clientId)) as unknown as {
    usage(): Promise<Usage>;
  };
  const { rowsWritten, alarmsSet } = await client.usage();
  return { rowsWritten, alarmsSet };
}
