import type { SecretHash } from "../../durable-objects/registry/rpc.ts";
import { equalTexts } from "../keys/bytes.ts";

/**
 * Whether a key with this hash opens something with these secrets now. Takes the same time whichever
 * secret it is, if any. `hash` is the SHA-256 of the whole key, hex.
 */
export function isOpenedBy(secrets: readonly SecretHash[], hash: string, now: number): boolean {
  let opens = false;
  for (const secret of secrets) {
    const equal = equalTexts(secret.hash, hash);
    const valid = secret.untilMs === null || now < secret.untilMs;
    opens = (equal && valid) || opens;
  }
  return opens;
}
