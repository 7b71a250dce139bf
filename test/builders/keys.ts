import { openFirstAccount } from "../../scripts/first-account.ts";
import { type KeyRing, parseKeyRing } from "../../workers/keys/index.ts";
import { mostLimits } from "./published-records.ts";
import { ADMIN_SECRET, KEY_RING } from "./secrets.ts";

/** The tests' key ring, parsed. */
export function keyRing(text: string = KEY_RING): KeyRing {
  const ring = parseKeyRing(text);
  if (!ring.ok) throw new Error("the key ring of the tests is malformed");
  return ring.value;
}

/** An admin key of the first account of a service that runs with the secrets of the tests. */
export function operatorKey(url: string): Promise<string> {
  return openFirstAccount({ url, adminSecret: ADMIN_SECRET }, mostLimits());
}
