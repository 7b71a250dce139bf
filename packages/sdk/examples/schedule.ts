/**
 * Schedules a hundred tasks for one client and prints their rows as they end. Needs Node 24:
 *
 *   SLUICE_URL=https://… SLUICE_KEY=sk_… SLUICE_CLIENT=cl_… node packages/sdk/examples/schedule.ts
 */
import { createOperator, SluiceError } from "@sluice/sdk/operator";

const { SLUICE_URL: url, SLUICE_KEY: key, SLUICE_CLIENT: clientId } = process.env;
if (url === undefined || key === undefined || clientId === undefined) {
  throw new Error("set SLUICE_URL, SLUICE_KEY and SLUICE_CLIENT");
}

const operator = createOperator({ url, key });

try {
  const tasks = Array.from({ length: 100 }, () => ({ kind: "system.info", ttlSeconds: 600 }));
  const scheduled = await operator.schedule(clientId, tasks);
  console.log(`scheduled ${scheduled.length} tasks`);
  for (const { id } of scheduled) await printRows(clientId, id);
} catch (error) {
  if (!(error instanceof SluiceError)) throw error;
  console.error(`${error.code}: ${error.message} (request ${error.requestId ?? "none"})`);
  process.exitCode = 1;
}

/** Waits for the end of a task and prints what it found. */
async function printRows(client: string, task: string): Promise<void> {
  let view = await operator.task(client, task);
  while (view.endedAt === null) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    view = await operator.task(client, task);
  }
  console.log(task, view.state);
  for await (const { row } of operator.rows(client, task)) console.log(" ", JSON.stringify(row));
}
