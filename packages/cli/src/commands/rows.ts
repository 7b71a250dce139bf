import { printRows } from "../output/result-stream.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

/** `sluice rows CLIENT TASK`: the rows that a task has reported so far. */
export const addRows: AddCommand = (program, { terminal }) => {
  withService(program.command("rows"))
    .description("print the rows that a task has reported so far")
    .argument("<client>", "id of the client")
    .argument("<task>", "id of the task")
    .action(async (client: string, task: string, options: ServiceOptions) => {
      const rows = connectOperator(options).rows(client, task);
      await printRows(rows, terminal, options.json === true);
    });
};
