import { ok } from "@sluice/protocol";
import type { ListedKind } from "../../../durable-objects/registry/rpc.ts";
import { callAccount } from "../../accounts/call-registry.ts";
import { respondEmpty } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { actorOf } from "./ask-registry.ts";
import { entryIdOf } from "./entry-id.ts";

/** `DELETE …/{id}` → 204: it opens nothing any more and is out of the lists. */
export function removeEntry(kind: ListedKind): Handler<"operator"> {
  return async (call) => {
    const id = entryIdOf(call, kind);
    if (!id.ok) return id;
    const { caller, context } = call;
    const removed = await callAccount(context, caller.accountId, "repeatable", (registry) =>
      registry.removeEntry(kind, id.value, actorOf(caller)),
    );
    return removed.ok ? ok(respondEmpty()) : removed;
  };
}
