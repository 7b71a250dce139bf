import { setTimeout as delay } from "node:timers/promises";
import { isTerminal, type TaskSummary } from "@sluice/protocol";
import type { Operator } from "@sluice/sdk/operator";
import { liveScreen } from "../output/live-screen.ts";
import { plainJson } from "../output/plain-text.ts";
import type { Terminal } from "../output/terminal.ts";
import { type WatchedTask, watchView } from "../output/watch-view.ts";
import { positiveNumber, wholeNumber } from "./option-values.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

const DEFAULT_INTERVAL_SECONDS = 1;
const DEFAULT_TASKS = 15;
const MOST_TASKS = 200;
/** Tasks of which the whole is asked for at each look: those that have not ended. */
const MOST_DETAILS = 10;

interface Options extends ServiceOptions {
  readonly interval: number;
  readonly tasks: number;
}

/** `sluice watch CLIENT`: a live view of a client's queue and tasks, until Ctrl-C. */
export const addWatch: AddCommand = (program, { terminal, catchInterrupt }) => {
  withService(program.command("watch"))
    .description("watch a client's queue and tasks, until Ctrl-C")
    .argument("<client>", "id of the client")
    .option("--interval <seconds>", "between two looks", positiveNumber, DEFAULT_INTERVAL_SECONDS)
    .option("--tasks <number>", "most tasks to show", wholeNumber(1, MOST_TASKS), DEFAULT_TASKS)
    .action(async (id: string, { interval, tasks, ...options }: Options) => {
      const operator = connectOperator(options);
      const interrupted = catchInterrupt();
      const show = options.json ? jsonLines(terminal) : drawing(terminal);
      while (!interrupted.aborted) {
        show(await look(operator, id, tasks));
        await delay(interval * 1_000, undefined, { signal: interrupted }).catch(() => {});
      }
    });
};

type Look = Awaited<ReturnType<typeof look>>;

async function look(operator: Operator, id: string, most: number) {
  const [client, tasks] = await Promise.all([operator.client(id), firstTasks(operator, id, most)]);
  const open = tasks.filter(({ state }) => !isTerminal(state)).slice(0, MOST_DETAILS);
  const details = await Promise.all(open.map((task) => operator.task(id, task.id)));
  const byId = new Map(details.map((task) => [task.id, task]));
  const watched: WatchedTask[] = tasks.map((task) => byId.get(task.id) ?? task);
  return { client, tasks: watched };
}

async function firstTasks(operator: Operator, client: string, most: number) {
  const tasks: TaskSummary[] = [];
  for await (const task of operator.tasks(client, {})) {
    tasks.push(task);
    if (tasks.length === most) break;
  }
  return tasks;
}

function jsonLines(terminal: Terminal): (look: Look) => void {
  return (look) => terminal.print(plainJson(look));
}

function drawing(terminal: Terminal): (look: Look) => void {
  const show = liveScreen(terminal);
  return ({ client, tasks }) => show(watchView(client, tasks, terminal));
}
