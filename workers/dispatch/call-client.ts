import type { ClientId } from "@sluice/protocol";
import type { ClientStub } from "../env.ts";
import { callObject, type Repeatable } from "../front/call-object.ts";
import type { Outcome } from "../front/refusal.ts";
import type { RequestContext } from "../front/request-context.ts";

export type { Repeatable } from "../front/call-object.ts";

/** Calls a client's object, see {@link callObject}. */
export function callClient<Value>(
  context: RequestContext,
  clientId: ClientId,
  repeatable: Repeatable,
  call: (client: ClientStub) => Promise<Outcome<Value>>,
  timeoutMs?: number,
): Promise<Outcome<Value>> {
  const event = "client.call_failed";
  const callIt = () => call(context.env.CLIENT.getByName(clientId));
  return callObject(context, event, repeatable, callIt, timeoutMs);
}
