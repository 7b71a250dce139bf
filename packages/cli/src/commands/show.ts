import { plainJson } from "../output/plain-text.ts";
import { taskDetails } from "../output/task-details.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

/** `sluice show CLIENT TASK`: one task with its timeline and what it waits for. */
export const addShow: AddCommand = (program, { terminal }) => {
  withService(program.command("show"))
    .description("show a task: where it stands, why it waits, and its timeline")
    .argument("<client>", "id of the client")
    .argument("<task>", "id of the task")
    .action(async (client: string, id: string, options: ServiceOptions) => {
      const task = await connectOperator(options).task(client, id);
      terminal.print(...(options.json ? [plainJson(task, 2)] : taskDetails(task, terminal)));
    });
};
