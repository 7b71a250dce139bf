import { ok } from "@sluice/protocol";
import { callAccount } from "../../accounts/call-registry.ts";
import { respondEmpty } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { accountOf } from "./of-account.ts";

/** `DELETE /v1/accounts/{id}` → 204. Deletes every key, token and site of it, for good. */
export const closeAccount: Handler<"admin"> = async (call) => {
  const account = accountOf(call);
  if (!account.ok) return account;
  const closed = await callAccount(call.context, account.value.id, "repeatable", (registry) =>
    registry.closeAccount("admin"),
  );
  return closed.ok ? ok(respondEmpty()) : closed;
};
