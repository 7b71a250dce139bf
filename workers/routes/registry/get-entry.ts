import type { ListedKind } from "../../../durable-objects/registry/rpc.ts";
import type { Handler } from "../../front/route.ts";
import { askRegistry } from "./ask-registry.ts";
import { entryIdOf } from "./entry-id.ts";

/** `GET …/{id}` → a key, token or site of the account. */
export function getEntry(kind: ListedKind): Handler<"operator"> {
  return async (call) => {
    const id = entryIdOf(call, kind);
    if (!id.ok) return id;
    return askRegistry(call, "repeatable", (registry) => registry.getEntry(kind, id.value));
  };
}
