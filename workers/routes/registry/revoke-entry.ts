import type { ListedKind } from "../../../durable-objects/registry/rpc.ts";
import type { Handler } from "../../front/route.ts";
import { actorOf, askRegistry } from "./ask-registry.ts";
import { entryIdOf } from "./entry-id.ts";

/** `POST …/{id}/revoke` → what it is now: it opens nothing any more, and stays in lists. */
export function revokeEntry(kind: ListedKind): Handler<"operator"> {
  return async (call) => {
    const id = entryIdOf(call, kind);
    if (!id.ok) return id;
    return askRegistry(call, "repeatable", (registry) =>
      registry.revokeEntry(kind, id.value, actorOf(call.caller)),
    );
  };
}
