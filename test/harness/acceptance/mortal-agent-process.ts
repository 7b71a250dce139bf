import { appendFileSync } from "node:fs";
import { createClient, fileJournal } from "@sluice/sdk/node";

/**
 * A client in a process of its own, with a journal in a file. Each run of a task leaves a line with the
 * task's id. Told what to do by its environment; runs until it is killed, or until a task kills it.
 */
const { SLUICE_URL = "", SLUICE_TOKEN = "", JOURNAL = "", RUNS = "" } = process.env;

const client = createClient({
  url: SLUICE_URL,
  token: SLUICE_TOKEN,
  agent: "mortal/1.0",
  journal: fileJournal(JOURNAL),
  tuning: { backoffBaseMs: 20, backoffCapMs: 200, rerunDelayMs: 50 },
});

client.handle("mark", (_args, { task }) => {
  appendFileSync(RUNS, `${task.id}\n`);
});

client.handle("die", async (_args, { task }) => {
  appendFileSync(RUNS, `${task.id}\n`);
  process.kill(process.pid, "SIGKILL");
  await new Promise(() => {});
});

await client.start();
