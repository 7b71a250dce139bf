import { plainJson, plainText } from "../output/plain-text.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

/** `sluice retry CLIENT TASK`: runs a task that ended again, as a new task that names it. */
export const addRetry: AddCommand = (program, { terminal }) => {
  withService(program.command("retry"))
    .description("run a task that ended again, as a new task")
    .argument("<client>", "id of the client")
    .argument("<task>", "id of the task that ended")
    .action(async (client: string, id: string, options: ServiceOptions) => {
      const task = await connectOperator(options).retry(client, id);
      terminal.print(options.json ? plainJson(task, 2) : plainText(task.id));
    });
};
