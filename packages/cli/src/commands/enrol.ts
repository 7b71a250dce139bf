import { plainText } from "../output/plain-text.ts";
import { printList } from "../output/print-list.ts";
import { printSecret } from "../output/print-secret.ts";
import { tokenTable } from "../output/registry-tables.ts";
import { type ListLimit, limitOption } from "./list-limit.ts";
import { gathered, wholeNumber } from "./option-values.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

const MOST_SECONDS = 30 * 24 * 3600;
const MOST_USES = 1_000_000;

interface CreateOptions extends ServiceOptions {
  readonly label?: string;
  readonly gives?: readonly string[];
  readonly uses?: number;
  readonly expires?: number;
}

/** `sluice enrol …`: the tokens with which agents enrol. */
export const addEnrol: AddCommand = (program, world) => {
  const group = program.command("enrol").description("enrolment tokens: create, list, delete");
  for (const add of [creating("create"), addList, addDelete]) add(group, world);
};

/** `sluice enrol-token`: the same as `sluice enrol create`. */
export const addEnrolToken: AddCommand = (program, world) =>
  creating("enrol-token")(program, world);

function creating(name: string): AddCommand {
  return (group, { terminal }) => {
    withService(group.command(name))
      .description("mint a token with which agents enrol; it is shown once")
      .option("--label <text>", "words by which people know it")
      .option("--gives <label>", "a label for all who enrol with it; may be repeated", gathered)
      .option(
        "--uses <number>",
        "how many may enrol with it, any number if not given",
        wholeNumber(1, MOST_USES),
      )
      .option(
        "--expires <seconds>",
        "how long it can be used, a day if not given",
        wholeNumber(1, MOST_SECONDS),
      )
      .action(async (options: CreateOptions) => {
        const answer = await connectOperator(options).enrolmentTokens.create(tokenOf(options));
        const notes = [`expires ${answer.expiresAt}`];
        printSecret({ answer, secret: answer.token, notes }, options.json, terminal);
      });
  };
}

function tokenOf({ label, gives, uses, expires }: CreateOptions) {
  return {
    ...(label !== undefined && { label }),
    ...(gives !== undefined && { labels: gives }),
    ...(uses !== undefined && { uses }),
    ...(expires !== undefined && { expiresInSeconds: expires }),
  };
}

const addList: AddCommand = (group, { terminal }) => {
  withService(group.command("list"))
    .description("list the enrolment tokens of the account, without their texts")
    .addOption(limitOption())
    .action(async (options: ServiceOptions & ListLimit) => {
      const tokens = connectOperator(options).enrolmentTokens.list();
      await printList(tokens, tokenTable, options, terminal);
    });
};

const addDelete: AddCommand = (group, { terminal }) => {
  withService(group.command("delete"))
    .description("delete a token; nobody enrols with it any more, and who has stays")
    .argument("<id>", "id of the token, as `enrol list` shows it")
    .action(async (id: string, options: ServiceOptions) => {
      await connectOperator(options).enrolmentTokens.remove(id);
      terminal.note(`${plainText(id)} deleted`);
    });
};
