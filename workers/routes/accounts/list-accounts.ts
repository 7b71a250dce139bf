import { ok } from "@sluice/protocol";
import { callRoot } from "../../accounts/call-registry.ts";
import { readPageQuery } from "../../front/page-query.ts";
import { respond } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";

/** `GET /v1/accounts?cursor=&limit=` → a page of accounts, without their limits. */
export const listAccounts: Handler<"admin"> = async ({ request, context }) => {
  const page = readPageQuery(new URL(request.url).searchParams);
  if (!page.ok) return page;
  const accounts = await callRoot(context, (root) => root.listAccounts(page.value));
  return accounts.ok ? ok(respond(200, accounts.value)) : accounts;
};
