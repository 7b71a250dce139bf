import { overlapNote, printSecret } from "../output/print-secret.ts";
import { type Overlap, overlapOption, rotation } from "./overlap.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

/** `sluice rotate CLIENT`: replaces a client's token. */
export const addRotate: AddCommand = (program, { terminal }) => {
  withService(program.command("rotate"))
    .description("replace a client's token; the new one is shown once")
    .argument("<client>", "id of the client")
    .addOption(overlapOption("a day"))
    .action(async (client: string, options: ServiceOptions & Overlap) => {
      const answer = await connectOperator(options).rotate(client, rotation(options));
      const notes = [`client ${answer.clientId}`, overlapNote(answer.oldTokenUntil)];
      printSecret({ answer, secret: answer.token, notes }, options.json, terminal);
    });
};
