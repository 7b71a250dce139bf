import type { ListedKind } from "../../../durable-objects/registry/rpc.ts";
import { readPageQuery } from "../../front/page-query.ts";
import type { Handler } from "../../front/route.ts";
import { askRegistry } from "./ask-registry.ts";

/** `GET …?cursor=&limit=` → a page of the account's keys, tokens or sites. */
export function listEntries(kind: ListedKind): Handler<"operator"> {
  return async (call) => {
    const page = readPageQuery(new URL(call.request.url).searchParams);
    if (!page.ok) return page;
    return askRegistry(call, "repeatable", (registry) => registry.listEntries(kind, page.value));
  };
}
