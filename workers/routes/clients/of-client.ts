import { type ClientId, ok } from "@sluice/protocol";
import { callClient, type Repeatable } from "../../dispatch/call-client.ts";
import { findClient } from "../../dispatch/find.ts";
import type { ClientStub } from "../../env.ts";
import { keyRing } from "../../front/authenticate.ts";
import type { Outcome } from "../../front/refusal.ts";
import { respond } from "../../front/respond.ts";
import type { Call } from "../../front/route.ts";

/** The client that a route's path names, if it is one of the operator's. */
export function clientOf(call: Call<"operator">): Outcome<ClientId> {
  return findClient(keyRing(call.context), call.caller.account, call.params.id ?? "");
}

/** Asks the object of the client in the path, and answers 200 with what it says. */
export async function askClient<Value>(
  call: Call<"operator">,
  repeatable: Repeatable,
  ask: (client: ClientStub) => Promise<Outcome<Value>>,
): Promise<Outcome<Response>> {
  const clientId = clientOf(call);
  if (!clientId.ok) return clientId;
  const answer = await callClient(call.context, clientId.value, repeatable, ask);
  return answer.ok ? ok(respond(200, answer.value)) : answer;
}
