import { readPageQuery } from "../front/page-query.ts";
import type { Handler } from "../front/route.ts";
import { askRegistry } from "./registry/ask-registry.ts";

/** `GET /v1/audit?cursor=&limit=` → a page of who changed what in the account, newest first. */
export const listAudit: Handler<"operator"> = async (call) => {
  const page = readPageQuery(new URL(call.request.url).searchParams);
  if (!page.ok) return page;
  return askRegistry(call, "repeatable", (registry) => registry.listAudit(page.value));
};
