import { type KeyRing, mintOperatorKey, parseKeyRing } from "../../workers/keys/index.ts";
import { KEY_RING } from "./secrets.ts";

/** The tests' key ring, parsed. */
export async function keyRing(text: string = KEY_RING): Promise<KeyRing> {
  const ring = await parseKeyRing(text);
  if (!ring.ok) throw new Error("the key ring of the tests is malformed");
  return ring.value;
}

/** An operator key of the first account that the tests' key ring vouches for. */
export async function operatorKey(): Promise<string> {
  return mintOperatorKey(await keyRing());
}
