import { negotiateSubprotocol, ok } from "@sluice/protocol";
import { type AccountRecord, KEY_ROLES, type KeyRole } from "../../durable-objects/registry/rpc.ts";
import {
  authenticateClient,
  authenticateOperator,
  bearerOf,
  type Connects,
} from "./authenticate.ts";
import { authenticateAdmin } from "./authenticate-admin.ts";
import { readAccount } from "./read-records.ts";
import { type Outcome, refuse } from "./refusal.ts";
import type { RequestContext } from "./request-context.ts";
import type { Callers } from "./route.ts";

/** A caller who may call, and the account whose limits the call counts against, if there is one. */
export interface Admitted<Kind extends keyof Callers> {
  readonly caller: Callers[Kind];
  readonly account: AccountRecord | null;
}

type Admission<Kind extends keyof Callers> = Promise<Outcome<Admitted<Kind>>>;

/** Lets in whoever comes; the route itself may ask for a key in the body. */
export async function admitAnyone(): Admission<"anyone"> {
  return ok({ caller: null, account: null });
}

/** Lets in the platform's admin. */
export async function admitAdmin(headers: Headers, context: RequestContext): Admission<"admin"> {
  const admin = await authenticateAdmin(headers, context);
  return admin.ok ? ok({ caller: null, account: null }) : admin;
}

/** Lets in an operator key of at least this role, of an account that may act. */
export async function admitOperator(
  headers: Headers,
  role: KeyRole,
  context: RequestContext,
): Admission<"operator"> {
  const caller = await authenticateOperator(bearerOf(headers), context);
  if (!caller.ok) return caller;
  const account = await readAccount(context, caller.value.accountId);
  if (!account.ok) return account;
  if (!mayActAs(caller.value.role, role)) {
    return refuse("forbidden", `this call needs a key with the role ${role}`);
  }
  return ok({ caller: caller.value, account: account.value });
}

/** Lets in a client token of an account that may act; a browser's rides along as a subprotocol. */
export async function admitClient(
  headers: Headers,
  connects: Connects,
  context: RequestContext,
): Admission<"client"> {
  const offered = negotiateSubprotocol(headers.get("sec-websocket-protocol"));
  const token = bearerOf(headers) ?? offered?.token ?? null;
  const caller = await authenticateClient(token, context, connects);
  if (!caller.ok) return caller;
  const account = await readAccount(context, caller.value.accountId);
  return account.ok ? ok({ caller: caller.value, account: account.value }) : account;
}

/** Roles are listed from the most to the least, and each may do what those after it may. */
function mayActAs(role: KeyRole, needed: KeyRole): boolean {
  return KEY_ROLES.indexOf(role) <= KEY_ROLES.indexOf(needed);
}
