import type { Handler } from "../../front/route.ts";
import { askClient } from "./of-client.ts";

/** `GET /v1/clients/{id}` → the client. */
export const getClient: Handler<"operator"> = (call) =>
  askClient(call, "repeatable", (client) => client.describe());
