import type { FieldReader } from "@sluice/protocol";
import type { AccountPatch } from "../../../durable-objects/registry/rpc.ts";
import { parseBody } from "../../front/parse-body.ts";
import type { Handler } from "../../front/route.ts";
import { askAccount } from "./of-account.ts";
import { readAccountName, readLimits } from "./read-account-fields.ts";

/** `PATCH /v1/accounts/{id} {name?, limits?, suspended?}` → the account as it is now. */
export const updateAccount: Handler<"admin"> = async (call) => {
  const patch = parseBody(call.body, readPatch);
  if (!patch.ok) return patch;
  return askAccount(call, "repeatable", (registry) => registry.updateAccount(patch.value, "admin"));
};

function readPatch(fields: FieldReader): AccountPatch {
  return {
    ...(fields.has("name") && { name: readAccountName(fields) }),
    ...(fields.has("limits") && { limits: readLimits(fields) }),
    ...(fields.has("suspended") && { suspended: fields.flag("suspended") }),
  };
}
