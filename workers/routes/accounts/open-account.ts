import { type FieldReader, ok } from "@sluice/protocol";
import type { AccountSpec } from "../../../durable-objects/registry/rpc.ts";
import { callAccount } from "../../accounts/call-registry.ts";
import { issueOperatorKey } from "../../accounts/issue-key.ts";
import { parseBody } from "../../front/parse-body.ts";
import { respond } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { ACCOUNT_BYTES, formatAccountId, parseAccountId } from "../../keys/index.ts";
import { readAccountName, readLimits } from "./read-account-fields.ts";

const FIRST_KEY = { label: "first key", role: "admin" } as const;

interface OpenRequest {
  readonly spec: AccountSpec;
  /** Null: a random one. */
  readonly account: Uint8Array | null;
}

/**
 * `POST /v1/accounts {name, limits?, id?}` → 201 `{account, operatorKey}`: the account and its first key, a
 * key with the role admin, whose text is in this answer and nowhere else. A caller that names the id can
 * repeat the call without opening a second account: the second is refused as `conflict`.
 */
export const openAccount: Handler<"admin"> = async ({ body, context }) => {
  const request = parseBody(body, readRequest);
  if (!request.ok) return request;
  const { spec } = request.value;
  const bytes = request.value.account ?? context.randomBytes(ACCOUNT_BYTES);
  const account = await callAccount(context, formatAccountId(bytes), "once", (registry) =>
    registry.openAccount(spec, "admin"),
  );
  if (!account.ok) return account;
  const operatorKey = await issueOperatorKey(context, bytes, FIRST_KEY, "admin");
  if (!operatorKey.ok) return operatorKey;
  return ok(respond(201, { account: account.value, operatorKey: operatorKey.value }));
};

function readRequest(fields: FieldReader): OpenRequest {
  return {
    spec: { name: readAccountName(fields), limits: readLimits(fields) },
    account: fields.has("id") ? readId(fields) : null,
  };
}

function readId(fields: FieldReader): Uint8Array | null {
  const account = parseAccountId(fields.id("id"));
  if (account === null) fields.refuse("id", "must be an account id");
  return account;
}
