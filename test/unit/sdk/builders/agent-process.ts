import { appendFileSync } from "node:fs";
import { createClient, fileJournal } from "../../../../packages/sdk/src/node.ts";
import { BRISK } from "./tuning.ts";

/**
 * An agent in a process of its own, to be killed. Its handlers write their effect, a line with the id of
 * the task, into the file that the environment names.
 */
const { AGENT_URL = "", AGENT_JOURNAL = "", AGENT_EFFECTS = "" } = process.env;

const client = createClient({
  url: AGENT_URL,
  token: "ct_test",
  agent: "agent-process/1",
  journal: fileJournal(AGENT_JOURNAL, { replaceAboveBytes: 20_000 }),
  slots: 1_000,
  tuning: BRISK,
});

client.handle("echo", async (_, { task }) => {
  appendFileSync(AGENT_EFFECTS, `${task.id}\n`);
  await new Promise((resolve) => setTimeout(resolve, 1));
});

client.handle("poison", async (_, { task }) => {
  appendFileSync(AGENT_EFFECTS, `${task.id}\n`);
  process.kill(process.pid, "SIGKILL");
  await new Promise(() => {});
});

await client.start();
