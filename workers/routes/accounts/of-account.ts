import { type AccountId, ok } from "@sluice/protocol";
import type { AccountRpc } from "../../../durable-objects/registry/rpc.ts";
import { callAccount } from "../../accounts/call-registry.ts";
import type { Repeatable } from "../../front/call-object.ts";
import { type Outcome, refuse } from "../../front/refusal.ts";
import { respond } from "../../front/respond.ts";
import type { Call } from "../../front/route.ts";
import { formatAccountId, parseAccountId } from "../../keys/index.ts";

/** An account by its 8 bytes and by its id. */
export interface NamedAccount {
  readonly bytes: Uint8Array;
  readonly id: AccountId;
}

/** The account that a route's path names. Whether there is one, its object knows. */
export function accountOf({ params }: Call<"admin">): Outcome<NamedAccount> {
  const bytes = parseAccountId(params.id ?? "");
  if (bytes === null) return refuse("not_found", "no such account");
  return ok({ bytes, id: formatAccountId(bytes) });
}

/** Asks the object of the account in the path, and answers 200 with what it says. */
export async function askAccount<Value>(
  call: Call<"admin">,
  repeatable: Repeatable,
  ask: (registry: AccountRpc) => Promise<Outcome<Value>>,
): Promise<Outcome<Response>> {
  const account = accountOf(call);
  if (!account.ok) return account;
  const answer = await callAccount(call.context, account.value.id, repeatable, ask);
  return answer.ok ? ok(respond(200, answer.value)) : answer;
}
