import { ok } from "@sluice/protocol";
import { leavePlace } from "../../accounts/client-places.ts";
import { callClient } from "../../dispatch/call-client.ts";
import { respondEmpty } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { clientOf } from "./of-client.ts";

/** `DELETE /v1/clients/{id}` → 204, for the one call that removes it; its place in the account is free then. */
export const removeClient: Handler<"operator"> = async (call) => {
  const clientId = clientOf(call);
  if (!clientId.ok) return clientId;
  const removed = await callClient(call.context, clientId.value, "repeatable", (client) =>
    client.remove(),
  );
  if (!removed.ok) return removed;
  if (removed.value?.hadPlace ?? true) {
    await leavePlace(call.context, call.caller.accountId, clientId.value);
  }
  return ok(respondEmpty());
};
