import { TASK_STATES, type TaskState, type TaskSummary } from "@sluice/protocol";
import { Option } from "commander";
import { plainJson } from "../output/plain-text.ts";
import { taskTable } from "../output/task-table.ts";
import { wholeNumber } from "./option-values.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

const DEFAULT_LIMIT = 100;
const MOST_TASKS = 10_000;

interface Options extends ServiceOptions {
  readonly state?: TaskState;
  readonly limit: number;
}

/** `sluice tasks CLIENT`: lists the tasks of a client. */
export const addTasks: AddCommand = (program, { terminal }) => {
  withService(program.command("tasks"))
    .description("list the tasks of a client")
    .argument("<client>", "id of the client")
    .addOption(new Option("--state <state>", "only tasks in this state").choices(TASK_STATES))
    .option("--limit <number>", "most tasks to list", wholeNumber(1, MOST_TASKS), DEFAULT_LIMIT)
    .action(async (client: string, { state, limit, ...options }: Options) => {
      const operator = connectOperator(options);
      const found: TaskSummary[] = [];
      let listed = 0;
      for await (const task of operator.tasks(client, state === undefined ? {} : { state })) {
        if (options.json) terminal.print(plainJson(task));
        else found.push(task);
        listed += 1;
        if (listed === limit) break;
      }
      if (!options.json) terminal.print(...taskTable(found, terminal));
      if (listed === limit) terminal.note(`the first ${limit}; --limit shows more`);
    });
};
