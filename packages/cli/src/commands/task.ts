import { type JsonObject, LIMITS, type ScheduledTask, type TaskSpec } from "@sluice/protocol";
import type { Operator } from "@sluice/sdk/operator";
import { CommandFailure, EXIT_CODES } from "../output/exit-codes.ts";
import { plainJson, plainText } from "../output/plain-text.ts";
import { printRows } from "../output/result-stream.ts";
import { taskDetails } from "../output/task-details.ts";
import { jsonArguments, namedArgument, wholeNumber } from "./option-values.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import { waitForEnd } from "./wait.ts";
import type { AddCommand, World } from "./world.ts";

interface Options extends ServiceOptions {
  readonly arg?: JsonObject;
  readonly args?: JsonObject;
  readonly priority?: number;
  readonly ttl?: number;
  readonly timeout?: number;
  readonly idempotencyKey?: string;
  readonly wait?: boolean;
  readonly rows?: boolean;
}

/** `sluice task CLIENT KIND`: schedules one task, and on request waits for its end and its rows. */
export const addTask: AddCommand = (program, world) => {
  withService(program.command("task"))
    .description("schedule a task for a client")
    .argument("<client>", "id of the client")
    .argument("<kind>", "what to do, for instance system.info")
    .option("--arg <name=value>", "an argument; JSON where it is JSON, else text", namedArgument)
    .option("--args <json>", "all arguments as a JSON object; --arg overrides", jsonArguments)
    .option("--priority <number>", "0 to 9, 9 is urgent", wholeNumber(0, 9))
    .option("--ttl <seconds>", "how long it may wait", wholeNumber(1, LIMITS.ttlSeconds))
    .option("--timeout <seconds>", "how long it may run", wholeNumber(1, LIMITS.timeoutSeconds))
    .option("--idempotency-key <key>", "the same key again names the same task")
    .option("--wait", "wait for the end; exit code 1 unless it succeeded")
    .option("--rows", "wait, then print its rows")
    .action(async (client: string, kind: string, options: Options) => {
      const operator = connectOperator(options);
      const [scheduled] = await operator.schedule(client, [taskSpec(kind, options)]);
      if (scheduled === undefined) {
        throw new CommandFailure(EXIT_CODES.failed, "the service did not say which task it made");
      }
      if (options.wait || options.rows) await follow(operator, client, scheduled, options, world);
      else printScheduled(scheduled, options, world);
    });
};

/** Builds the task from the command line; what is not given is left to the service. */
export function taskSpec(kind: string, options: Options): TaskSpec {
  const { priority, ttl, timeout, idempotencyKey } = options;
  return {
    kind,
    args: { ...options.args, ...options.arg },
    ...(priority !== undefined && { priority }),
    ...(ttl !== undefined && { ttlSeconds: ttl }),
    ...(timeout !== undefined && { timeoutSeconds: timeout }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}

function printScheduled(task: ScheduledTask, { json }: Options, { terminal }: World): void {
  if (json) terminal.print(plainJson(task, 2));
  else {
    terminal.print(plainText(task.id));
    if (task.duplicate) terminal.note(`exists already, ${plainText(task.state)}`);
  }
}

async function follow(
  operator: Operator,
  client: string,
  { id }: ScheduledTask,
  options: Options,
  { terminal, catchInterrupt }: World,
): Promise<void> {
  const json = options.json === true;
  if (!json) terminal.note(`${plainText(id)} scheduled`);
  const task = await waitForEnd(operator, client, id, terminal, catchInterrupt());
  if (options.rows) await printRows(operator.rows(client, id), terminal, json);
  else terminal.print(...(json ? [plainJson(task, 2)] : taskDetails(task, terminal)));
  if (task.state === "succeeded") return;
  const reason = task.error === null ? "" : `: ${plainText(task.error.message)}`;
  throw new CommandFailure(EXIT_CODES.failed, `the task ended ${task.state}${reason}`);
}
