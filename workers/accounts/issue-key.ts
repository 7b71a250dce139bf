import { ok } from "@sluice/protocol";
import type { Actor, KeyRole, Views } from "../../durable-objects/registry/rpc.ts";
import { keyRing } from "../front/authenticate.ts";
import type { Outcome } from "../front/refusal.ts";
import type { RequestContext } from "../front/request-context.ts";
import { encodeBase32, formatAccountId, hashKey, mintKey, timedKeyId } from "../keys/index.ts";
import { callAccount } from "./call-registry.ts";

/** What a new operator key is to be. */
export interface KeySpec {
  readonly label: string;
  readonly role: KeyRole;
}

/** A new operator key. `key` is its text, in this answer and nowhere else. */
export type IssuedKey = Views["operator"] & { readonly key: string };

/** Mints an operator key of an account. The registry is told its hash alone. */
export async function issueOperatorKey(
  context: RequestContext,
  account: Uint8Array,
  { label, role }: KeySpec,
  by: Actor,
): Promise<Outcome<IssuedKey>> {
  const keyId = timedKeyId(context.now(), context.randomBytes);
  const owner = { account, keyId };
  const key = mintKey(keyRing(context), "operator", owner, context.randomBytes);
  const spec = { id: encodeBase32(keyId), secretHash: hashKey(key), label, role };
  const created = await callAccount(context, formatAccountId(account), "once", (registry) =>
    registry.createEntry("operator", spec, by),
  );
  return created.ok ? ok({ ...created.value, key }) : created;
}
