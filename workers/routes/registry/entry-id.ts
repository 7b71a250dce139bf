import { ok } from "@sluice/protocol";
import type { ListedKind } from "../../../durable-objects/registry/rpc.ts";
import { keyRing } from "../../front/authenticate.ts";
import { type Outcome, refuse } from "../../front/refusal.ts";
import type { Call } from "../../front/route.ts";
import {
  decodeBase32,
  encodeBase32,
  equalBytes,
  KEY_ID_BYTES,
  verifyKey,
} from "../../keys/index.ts";

const NOT_FOUND = "there is no such thing in this account";

/**
 * Which entry of the caller's account a route's path names: a key or a token by its id, a site by its
 * sitekey. A sitekey of another account is not found, as a forged one is.
 */
export function entryIdOf(call: Call<"operator">, kind: ListedKind): Outcome<string> {
  return kind === "site" ? idOfSite(call) : idOfKey(call.params.id ?? "");
}

/** The bytes of an id that {@link entryIdOf} has checked. */
export function keyIdBytes(id: string): Uint8Array<ArrayBuffer> {
  return decodeBase32(id) ?? new Uint8Array(KEY_ID_BYTES);
}

function idOfKey(text: string): Outcome<string> {
  const bytes = decodeBase32(text);
  return bytes?.length === KEY_ID_BYTES ? ok(text) : refuse("not_found", NOT_FOUND);
}

function idOfSite({ params, caller, context }: Call<"operator">): Outcome<string> {
  const sitekey = verifyKey(keyRing(context), params.sitekey ?? "");
  const isOwn =
    sitekey.ok &&
    sitekey.value.kind === "site" &&
    equalBytes(sitekey.value.account, caller.account);
  return isOwn ? ok(encodeBase32(sitekey.value.keyId)) : refuse("not_found", NOT_FOUND);
}
