import type { AccountRecord } from "../../durable-objects/registry/rpc.ts";
import type { Outcome } from "./refusal.ts";
import type { RequestContext } from "./request-context.ts";

/** Does the rest of a request as one of its account's, within the account's limits. */
export async function withinAccount<Value>(
  context: RequestContext,
  account: AccountRecord,
  work: () => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  const pass = context.gate.enter(account, context.now());
  if (!pass.ok) return pass;
  try {
    return await work();
  } finally {
    context.gate.leave(pass.value);
  }
}
