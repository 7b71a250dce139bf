import { ok } from "@sluice/protocol";
import { callClient } from "../../dispatch/call-client.ts";
import { respondEmpty } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { clientOf } from "./of-client.ts";

/** `DELETE /v1/clients/{id}` → 204. */
export const removeClient: Handler<"operator"> = async (call) => {
  const clientId = await clientOf(call);
  if (!clientId.ok) return clientId;
  const removed = await callClient(call.context, clientId.value, "repeatable", (client) =>
    client.remove(),
  );
  return removed.ok ? ok(respondEmpty()) : removed;
};
