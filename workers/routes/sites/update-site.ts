import { parseBody } from "../../front/parse-body.ts";
import type { Handler } from "../../front/route.ts";
import { actorOf, askRegistry } from "../registry/ask-registry.ts";
import { entryIdOf } from "../registry/entry-id.ts";
import { readSitePatch } from "./read-site-fields.ts";

/** `PATCH /v1/sites/{sitekey} {name?, hostnames?, mode?, threshold?, policy?, recording?}` → the site as it is now. */
export const updateSite: Handler<"operator"> = async (call) => {
  const patch = parseBody(call.body, readSitePatch);
  if (!patch.ok) return patch;
  const id = entryIdOf(call, "site");
  if (!id.ok) return id;
  return askRegistry(call, "repeatable", (registry) =>
    registry.updateSite(id.value, patch.value, actorOf(call.caller)),
  );
};
