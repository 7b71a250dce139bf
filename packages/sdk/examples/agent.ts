/**
 * A small agent. Needs Node 24:
 *
 *   SLUICE_URL=https://… SLUICE_TOKEN=ct_… node packages/sdk/examples/agent.ts
 *
 * With SLUICE_ENROLMENT_TOKEN instead of SLUICE_TOKEN it enrols first and prints the client id. An agent
 * that is to outlive its process keeps the token that enrolment gave it.
 */
import { hostname, loadavg, platform } from "node:os";
import { createClient, fileJournal, TaskFailure } from "@sluice/sdk/node";
import { enrolClient } from "@sluice/sdk/operator";

const { SLUICE_URL: url, SLUICE_ENROLMENT_TOKEN: enrolmentToken } = process.env;
if (url === undefined) throw new Error("set SLUICE_URL");

const facts = { os: platform(), hostname: hostname() };

/** The client token: from the environment, or by enrolling. */
async function clientToken(service: string): Promise<string> {
  if (process.env.SLUICE_TOKEN !== undefined) return process.env.SLUICE_TOKEN;
  if (enrolmentToken === undefined) throw new Error("set SLUICE_TOKEN or SLUICE_ENROLMENT_TOKEN");
  const enrolment = { url: service, token: enrolmentToken, name: hostname(), facts };
  const { clientId, token } = await enrolClient(enrolment);
  console.log(`enrolled as ${clientId}`);
  return token;
}

const client = createClient({
  url,
  token: await clientToken(url),
  agent: "example-agent/1.0.0",
  journal: fileJournal(process.env.SLUICE_JOURNAL ?? ".sluice/example-journal"),
  facts,
  onEvent: (event) => console.log(event),
});

client.handle("load.sample", async (args, context) => {
  const samples = typeof args.samples === "number" ? args.samples : 3;
  if (samples > 60) throw new TaskFailure("too_many_samples", "at most 60 samples");
  for (let sample = 1; sample <= samples; sample++) {
    context.signal.throwIfAborted();
    await context.row({ at: new Date().toISOString(), load: loadavg()[0] ?? 0 });
    context.progress(sample / samples);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
});

// What is returned becomes rows.
client.handle("system.info", () => [facts]);

await client.start();
process.once("SIGINT", () => client.stop());
process.once("SIGTERM", () => client.stop());
console.log(`ended: ${await client.ended}`);
