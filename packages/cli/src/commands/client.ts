import { clientDetails } from "../output/client-details.ts";
import { plainJson } from "../output/plain-text.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

/** `sluice client CLIENT`: one client, its presence, queue and capacity. */
export const addClient: AddCommand = (program, { terminal }) => {
  withService(program.command("client"))
    .description("show a client: presence, queue and what it can take")
    .argument("<client>", "id of the client")
    .action(async (id: string, options: ServiceOptions) => {
      const client = await connectOperator(options).client(id);
      terminal.print(...(options.json ? [plainJson(client, 2)] : clientDetails(client, terminal)));
    });
};
