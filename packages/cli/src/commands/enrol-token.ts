import { plainJson, plainText } from "../output/plain-text.ts";
import { wholeNumber } from "./option-values.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

const MOST_SECONDS = 30 * 24 * 3600;

interface Options extends ServiceOptions {
  readonly expires?: number;
}

/** `sluice enrol-token`: mints a token with which agents enrol. It is shown once. */
export const addEnrolToken: AddCommand = (program, { terminal }) => {
  withService(program.command("enrol-token"))
    .description("mint a token with which agents enrol; it is shown once")
    .option(
      "--expires <seconds>",
      "how long it can be used, a day if not given",
      wholeNumber(1, MOST_SECONDS),
    )
    .action(async ({ expires, ...options }: Options) => {
      const minted = await connectOperator(options).createEnrolmentToken(
        expires === undefined ? {} : { expiresInSeconds: expires },
      );
      if (options.json) terminal.print(plainJson(minted, 2));
      else {
        // The token alone on standard output, so that a script can take it from there too.
        terminal.print(plainText(minted.token));
        terminal.note(`expires ${plainText(minted.expiresAt)}`);
      }
    });
};
