import { TASK_STATES, type TaskState } from "@sluice/protocol";
import { Option } from "commander";
import { printList } from "../output/print-list.ts";
import { taskTable } from "../output/task-table.ts";
import { type ListLimit, limitOption } from "./list-limit.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

interface Options extends ServiceOptions, ListLimit {
  readonly state?: TaskState;
}

/** `sluice tasks CLIENT`: lists the tasks of a client. */
export const addTasks: AddCommand = (program, { terminal }) => {
  withService(program.command("tasks"))
    .description("list the tasks of a client")
    .argument("<client>", "id of the client")
    .addOption(new Option("--state <state>", "only tasks in this state").choices(TASK_STATES))
    .addOption(limitOption())
    .action(async (client: string, { state, ...options }: Options) => {
      const operator = connectOperator(options);
      const tasks = operator.tasks(client, state === undefined ? {} : { state });
      await printList(tasks, taskTable, options, terminal);
    });
};
