import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeTerminal } from "../packages/cli/src/output/terminal.ts";
import { Acts, MACHINE } from "./demo/acts.ts";
import { planCollections } from "./demo/collections.ts";
import { invitation } from "./demo/invitation.ts";
import { duration } from "./demo/show.ts";
import { openStage, type Stage } from "./demo/stage.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const USAGE = "npm run demo [-- --once]";
const TASKS = 100;

const terminal = makeTerminal(process.stdout, process.stderr, process.env);

/**
 * Shows the dispatch at work on this machine: a service, a real agent, a hundred real collections. With
 * `--once` it ends by itself, with 0 when all is well; else it keeps running to look around until Ctrl-C.
 */
async function main(): Promise<void> {
  const once = readArguments();
  const beganAtMs = performance.now();
  terminal.print("Starting the service, with storage in a temporary folder …");
  const stage = await openStage();
  terminal.print(`It runs at ${stage.url} after ${duration(performance.now() - beganAtMs)}.`);
  const faults = await new Acts(terminal, stage, await planCollections(ROOT, TASKS)).playAll();
  conclude(faults);
  if (once || faults.length > 0) await stage.close();
  else await stay(stage);
}

function readArguments(): boolean {
  try {
    const { values } = parseArgs({ options: { once: { type: "boolean", default: false } } });
    return values.once;
  } catch {
    terminal.note(`usage: ${USAGE}`);
    process.exit(2);
  }
}

function conclude(faults: readonly string[]): void {
  terminal.print("");
  if (faults.length === 0) {
    terminal.print(`All is well: ${2 * TASKS} tasks done through Sluice, none lost.`);
    return;
  }
  for (const fault of faults) terminal.note(`demo: ${fault}`);
  process.exitCode = 1;
}

/** The agent of the first act comes back, with its history, until the process is told to end. */
async function stay(stage: Stage): Promise<void> {
  const agent = await stage.startAgent({ name: MACHINE, slots: TASKS });
  terminal.print("", ...invitation(stage, agent.clientId));
}

main().catch((error: unknown) => {
  terminal.note(`demo: ${error instanceof Error ? error.message : String(error)}`);
  // Ends the service and the agents with it, whatever they were at.
  process.exit(1);
});
