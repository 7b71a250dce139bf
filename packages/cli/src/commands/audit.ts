import { printList } from "../output/print-list.ts";
import { auditTable } from "../output/registry-tables.ts";
import { type ListLimit, limitOption } from "./list-limit.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

/** `sluice audit`: who changed what in the account, newest first. */
export const addAudit: AddCommand = (program, { terminal }) => {
  withService(program.command("audit"))
    .description("who changed which key, token or site, newest first")
    .addOption(limitOption())
    .action(async (options: ServiceOptions & ListLimit) => {
      await printList(connectOperator(options).audit(), auditTable, options, terminal);
    });
};
