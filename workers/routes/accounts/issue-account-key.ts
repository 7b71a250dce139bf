import { ok } from "@sluice/protocol";
import { issueOperatorKey } from "../../accounts/issue-key.ts";
import { parseBody } from "../../front/parse-body.ts";
import { respond } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { readKeySpec } from "../keys/read-key-spec.ts";
import { accountOf } from "./of-account.ts";

/**
 * `POST /v1/accounts/{id}/keys {label?, role?}` → 201 as `POST /v1/keys`. The way back in for an account
 * that has lost its last admin key.
 */
export const issueAccountKey: Handler<"admin"> = async (call) => {
  const account = accountOf(call);
  if (!account.ok) return account;
  const spec = parseBody(call.body, (fields) => readKeySpec(fields, "admin"));
  if (!spec.ok) return spec;
  const issued = await issueOperatorKey(call.context, account.value.bytes, spec.value, "admin");
  return issued.ok ? ok(respond(201, issued.value)) : issued;
};
