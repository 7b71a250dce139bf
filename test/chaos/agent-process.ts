import { openSync, writeSync } from "node:fs";
import { createClient, fileJournal } from "@sluice/sdk/node";

/**
 * A client in a process of its own: the SDK with a file journal, whose one handler leaves a line in a file
 * each time that it runs. Told what to do by its environment; runs until it is killed.
 */
const { SLUICE_URL = "", SLUICE_TOKEN = "", JOURNAL = "", EFFECTS = "" } = process.env;

/** Comes back at once after a crash of the service, so that a round is over soon. */
const TUNING = { backoffBaseMs: 20, backoffCapMs: 200, rerunDelayMs: 50 };

const effects = openSync(EFFECTS, "a");
const client = createClient({
  url: SLUICE_URL,
  token: SLUICE_TOKEN,
  agent: "chaos/1.0",
  journal: fileJournal(JOURNAL),
  concurrency: 16,
  slots: 500,
  tuning: TUNING,
});

client.handle("mark", ({ n }) => {
  writeSync(effects, `${n}\n`);
});

await client.start();
console.error(`the client ended: ${await client.ended}`);
