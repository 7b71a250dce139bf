import type { FieldReader } from "@sluice/protocol";
import type { ClientPatch } from "../../../durable-objects/client/rpc.ts";
import { parseBody } from "../../front/parse-body.ts";
import type { Handler } from "../../front/route.ts";
import { askClient } from "./of-client.ts";
import { NAME_CHARACTERS, readLabels } from "./read-labels.ts";

/** `PATCH /v1/clients/{id} {name?, labels?, paused?}` → the client as it is now. */
export const updateClient: Handler<"operator"> = async (call) => {
  const patch = parseBody(call.body, readPatch);
  if (!patch.ok) return patch;
  return askClient(call, "repeatable", (client) => client.update(patch.value));
};

function readPatch(fields: FieldReader): ClientPatch {
  return {
    ...(fields.has("name") && { name: fields.name("name", NAME_CHARACTERS) }),
    ...(fields.has("labels") && { labels: readLabels(fields) }),
    ...(fields.has("paused") && { paused: fields.flag("paused") }),
  };
}
