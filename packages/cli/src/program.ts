import { Command, CommanderError } from "commander";
import { addAccount } from "./commands/account.ts";
import { addAgent } from "./commands/agent.ts";
import { addAudit } from "./commands/audit.ts";
import { addCancel } from "./commands/cancel.ts";
import { addClient } from "./commands/client.ts";
import { addEnrol, addEnrolToken } from "./commands/enrol.ts";
import { addKey } from "./commands/key.ts";
import { addRetry } from "./commands/retry.ts";
import { addRevoke } from "./commands/revoke.ts";
import { addRotate } from "./commands/rotate.ts";
import { addRows } from "./commands/rows.ts";
import { addShow } from "./commands/show.ts";
import { addSite } from "./commands/site.ts";
import { addTask } from "./commands/task.ts";
import { addTasks } from "./commands/tasks.ts";
import { addWatch } from "./commands/watch.ts";
import type { AddCommand, World } from "./commands/world.ts";
import { EXIT_CODES, type ExitCode } from "./output/exit-codes.ts";
import { explainFailure } from "./output/explain-failure.ts";
import { plainText } from "./output/plain-text.ts";
import { VERSION } from "./version.ts";

/** All commands, in the order in which the help names them. */
const COMMANDS: readonly AddCommand[] = [
  addAgent,
  addEnrol,
  addEnrolToken,
  addTask,
  addTasks,
  addShow,
  addRows,
  addCancel,
  addRetry,
  addClient,
  addRotate,
  addRevoke,
  addWatch,
  addSite,
  addKey,
  addAudit,
  addAccount,
];

const EXIT_CODE_HELP = `
Exit codes: 0 ok, 1 a task or call failed, 2 usage, 3 key or token refused or revoked,
4 not found, 5 the service cannot be reached or is overloaded.`;

/** Runs one command line and returns how the process should end. Never throws. */
export async function run(argv: readonly string[], world: World): Promise<ExitCode> {
  try {
    await buildProgram(world).parseAsync([...argv], { from: "user" });
    return EXIT_CODES.ok;
  } catch (error) {
    // Commander has printed help, version or its complaint already.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
    }
    const { exitCode, message } = explainFailure(error);
    world.terminal.note(`sluice: ${plainText(message)}`);
    return exitCode;
  }
}

function buildProgram(world: World): Command {
  const { terminal } = world;
  const program = new Command("sluice")
    .description("Tasks for fleets of clients: operator commands, and the agent.")
    .version(VERSION)
    .addHelpText("after", EXIT_CODE_HELP)
    .configureOutput({
      writeOut: (text) => terminal.draw(text),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .exitOverride();
  for (const add of COMMANDS) add(program, world);
  return program;
}
