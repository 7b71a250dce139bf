import { plainJson, plainText } from "../output/plain-text.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

/** `sluice cancel CLIENT TASK`: cancels a task; one that runs ends when the client says so. */
export const addCancel: AddCommand = (program, { terminal }) => {
  withService(program.command("cancel"))
    .description("cancel a task; one that runs ends when its client says so")
    .argument("<client>", "id of the client")
    .argument("<task>", "id of the task")
    .action(async (client: string, id: string, options: ServiceOptions) => {
      const task = await connectOperator(options).cancel(client, id);
      const text = `${plainText(task.id)} ${plainText(task.state)}`;
      terminal.print(options.json ? plainJson(task, 2) : text);
    });
};
