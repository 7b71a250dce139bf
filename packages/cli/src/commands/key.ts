import type { KeyRole } from "@sluice/sdk/operator";
import { type Command, Option } from "commander";
import { plainText } from "../output/plain-text.ts";
import { printList } from "../output/print-list.ts";
import { overlapNote, printSecret } from "../output/print-secret.ts";
import { keyTable } from "../output/registry-tables.ts";
import { type ListLimit, limitOption } from "./list-limit.ts";
import { type Overlap, overlapOption, rotation } from "./overlap.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

const ROLES: readonly KeyRole[] = ["admin", "operator", "viewer"];

/** What a new operator key is to be. */
export interface NewKeyOptions {
  readonly label?: string;
  readonly role?: KeyRole;
}

/** `sluice key …`: the operator keys of the account. */
export const addKey: AddCommand = (program, world) => {
  const group = program.command("key").description("operator keys: create, list, rotate, delete");
  for (const add of [addCreate, addList, addRotate, addDelete]) add(group, world);
};

/** Adds what a new key may be given; `usual` is its role if none is. */
export function withNewKey(command: Command, usual: KeyRole): Command {
  return command
    .option("--label <text>", "words by which people know it")
    .addOption(new Option("--role <role>", `what it may do; ${usual} if not given`).choices(ROLES));
}

const addCreate: AddCommand = (group, { terminal }) => {
  withNewKey(withService(group.command("create")), "operator")
    .description("make a key; it is shown once")
    .action(async ({ label, role, ...options }: ServiceOptions & NewKeyOptions) => {
      const answer = await connectOperator(options).keys.create({
        ...(label !== undefined && { label }),
        ...(role !== undefined && { role }),
      });
      const notes = [`key ${answer.id}, role ${answer.role}`];
      printSecret({ answer, secret: answer.key, notes }, options.json, terminal);
    });
};

const addList: AddCommand = (group, { terminal }) => {
  withService(group.command("list"))
    .description("list the keys of the account, without their texts")
    .addOption(limitOption())
    .action(async (options: ServiceOptions & ListLimit) => {
      await printList(connectOperator(options).keys.list(), keyTable, options, terminal);
    });
};

const addRotate: AddCommand = (group, { terminal }) => {
  withService(group.command("rotate"))
    .description("replace a key's text; the new one is shown once")
    .argument("<id>", "id of the key, as `key list` shows it")
    .addOption(overlapOption("a day"))
    .action(async (id: string, options: ServiceOptions & Overlap) => {
      const answer = await connectOperator(options).keys.rotate(id, rotation(options));
      const notes = [`key ${answer.id}, role ${answer.role}`, overlapNote(answer.oldSecretUntil)];
      printSecret({ answer, secret: answer.key, notes }, options.json, terminal);
    });
};

const addDelete: AddCommand = (group, { terminal }) => {
  withService(group.command("delete"))
    .description("delete a key; it opens nothing any more")
    .argument("<id>", "id of the key")
    .action(async (id: string, options: ServiceOptions) => {
      await connectOperator(options).keys.remove(id);
      terminal.note(`${plainText(id)} deleted`);
    });
};
