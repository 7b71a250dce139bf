import type { AccountLimits, AccountView } from "@sluice/sdk/operator";
import { usageFailure } from "../output/exit-codes.ts";
import { plainJson, plainText } from "../output/plain-text.ts";
import { printList } from "../output/print-list.ts";
import { printSecret } from "../output/print-secret.ts";
import { accountDetails, accountTable } from "../output/registry-tables.ts";
import type { Terminal } from "../output/terminal.ts";
import { accountLimit } from "./account-limit.ts";
import { type AdminOptions, connectAdmin, withAdmin } from "./admin-service.ts";
import { type NewKeyOptions, withNewKey } from "./key.ts";
import { type ListLimit, limitOption } from "./list-limit.ts";
import type { AddCommand } from "./world.ts";

interface AccountOptions extends AdminOptions {
  readonly limit?: Partial<AccountLimits>;
}

/** `sluice account …`: the accounts of the service, for its admin. */
export const addAccount: AddCommand = (program, world) => {
  const group = program
    .command("account")
    .description(
      "accounts, for the service's admin: create, list, show, update, issue-key, delete",
    );
  const commands = [addCreate, addList, addShow, addUpdate, addIssueKey, addDelete];
  for (const add of commands) add(group, world);
};

const addCreate: AddCommand = (group, { terminal }) => {
  withAdmin(group.command("create"))
    .description("open an account; its first operator key is shown once")
    .argument("<name>", "words by which people know it")
    .option("--id <account>", "an id of your choice, so that a repeated call opens no second one")
    .option("--limit <name=number>", "what it may use; may be repeated", accountLimit)
    .action(async (name: string, { id, limit, ...options }: AccountOptions & { id?: string }) => {
      const admin = await connectAdmin(options);
      const answer = await admin.openAccount({
        name,
        ...(id !== undefined && { id }),
        ...(limit !== undefined && { limits: limit }),
      });
      const notes = [`account ${answer.account.id}, its first operator key, role admin`];
      printSecret({ answer, secret: answer.operatorKey.key, notes }, options.json, terminal);
    });
};

const addList: AddCommand = (group, { terminal }) => {
  withAdmin(group.command("list"))
    .description("list all accounts")
    .addOption(limitOption())
    .action(async (options: AdminOptions & ListLimit) => {
      const admin = await connectAdmin(options);
      await printList(admin.accounts(), accountTable, options, terminal);
    });
};

const addShow: AddCommand = (group, { terminal }) => {
  withAdmin(group.command("show"))
    .description("show an account and its limits")
    .argument("<account>", "id of the account")
    .action(async (id: string, options: AdminOptions) => {
      const admin = await connectAdmin(options);
      printAccount(await admin.account(id), options, terminal);
    });
};

interface UpdateOptions extends AccountOptions {
  readonly name?: string;
  readonly suspend?: boolean;
  readonly resume?: boolean;
}

const addUpdate: AddCommand = (group, { terminal }) => {
  withAdmin(group.command("update"))
    .description("change what is given, leave the rest")
    .argument("<account>", "id of the account")
    .option("--name <text>", "words by which people know it")
    .option("--limit <name=number>", "what it may use; may be repeated", accountLimit)
    .option("--suspend", "keep everything and let it do nothing")
    .option("--resume", "let a suspended account act again")
    .action(async (id: string, options: UpdateOptions) => {
      const changes = changesOf(options);
      const admin = await connectAdmin(options);
      printAccount(await admin.updateAccount(id, changes), options, terminal);
    });
};

function changesOf({ name, limit, suspend, resume }: UpdateOptions) {
  if (suspend && resume) throw usageFailure("--suspend and --resume exclude each other");
  return {
    ...(name !== undefined && { name }),
    ...(limit !== undefined && { limits: limit }),
    ...((suspend || resume) && { suspended: suspend === true }),
  };
}

const addIssueKey: AddCommand = (group, { terminal }) => {
  withNewKey(withAdmin(group.command("issue-key")), "admin")
    .description("make a key for an account that has lost its own; it is shown once")
    .argument("<account>", "id of the account")
    .action(async (id: string, { label, role, ...options }: AdminOptions & NewKeyOptions) => {
      const admin = await connectAdmin(options);
      const key = { ...(label !== undefined && { label }), ...(role !== undefined && { role }) };
      const answer = await admin.issueKey(id, key);
      const notes = [`key ${answer.id}, role ${answer.role}`];
      printSecret({ answer, secret: answer.key, notes }, options.json, terminal);
    });
};

const addDelete: AddCommand = (group, { terminal }) => {
  withAdmin(group.command("delete"))
    .description("delete an account with every key, token and site of it, for good")
    .argument("<account>", "id of the account")
    .option("--yes", "needed, for there is no way back")
    .action(async (id: string, options: AdminOptions & { yes?: boolean }) => {
      if (!options.yes) throw usageFailure("this cannot be undone; say --yes");
      const admin = await connectAdmin(options);
      await admin.closeAccount(id);
      terminal.note(`${plainText(id)} deleted`);
    });
};

function printAccount(account: AccountView, { json }: AdminOptions, terminal: Terminal): void {
  terminal.print(...(json ? [plainJson(account, 2)] : accountDetails(account, terminal)));
}
