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

/** As {@link withinAccount}, for a request that is held open: it counts, but not among those under way. */
export async function withinRate<Value>(
  context: RequestContext,
  account: AccountRecord,
  work: () => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  const pass = context.gate.enter(account, context.now());
  if (!pass.ok) return pass;
  context.gate.leave(pass.value);
  return work();
}
