import type { Handler } from "../../front/route.ts";
import { askAccount } from "./of-account.ts";

/** `GET /v1/accounts/{id}` → the account. */
export const getAccount: Handler<"admin"> = (call) =>
  askAccount(call, "repeatable", (registry) => registry.describeAccount());
