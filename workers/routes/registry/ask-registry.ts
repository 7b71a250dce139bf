import { ok } from "@sluice/protocol";
import type { AccountRpc, Actor } from "../../../durable-objects/registry/rpc.ts";
import { callAccount } from "../../accounts/call-registry.ts";
import type { Operator } from "../../front/authenticate.ts";
import type { Repeatable } from "../../front/call-object.ts";
import type { Outcome } from "../../front/refusal.ts";
import { respond } from "../../front/respond.ts";
import type { Call } from "../../front/route.ts";

/** An operator as the audit log names it. */
export function actorOf({ keyId }: Operator): Actor {
  return `key:${keyId}`;
}

/** Asks the object of the operator's own account, and answers 200 with what it says. */
export async function askRegistry<Value>(
  { caller, context }: Call<"operator">,
  repeatable: Repeatable,
  ask: (registry: AccountRpc) => Promise<Outcome<Value>>,
): Promise<Outcome<Response>> {
  const answer = await callAccount(context, caller.accountId, repeatable, ask);
  return answer.ok ? ok(respond(200, answer.value)) : answer;
}
