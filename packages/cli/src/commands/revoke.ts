import { plainJson, plainText } from "../output/plain-text.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

/** `sluice revoke CLIENT`: ends a client's connection and refuses its token for good. */
export const addRevoke: AddCommand = (program, { terminal }) => {
  withService(program.command("revoke"))
    .description("end a client's connection and refuse its token for good")
    .argument("<client>", "id of the client")
    .action(async (id: string, options: ServiceOptions) => {
      const client = await connectOperator(options).revoke(id);
      terminal.print(options.json ? plainJson(client, 2) : `${plainText(client.id)} revoked`);
    });
};
