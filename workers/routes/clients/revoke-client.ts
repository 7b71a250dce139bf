import type { Handler } from "../../front/route.ts";
import { askClient } from "./of-client.ts";

/** `POST /v1/clients/{id}/revoke` → the client; its token opens nothing any more. */
export const revokeClient: Handler<"operator"> = (call) =>
  askClient(call, "repeatable", (client) => client.revoke());
