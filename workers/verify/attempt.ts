import type { AttemptId } from "../../durable-objects/ledger/rpc.ts";
import { encodeBase64url } from "../keys/base64url.ts";
import { attemptId } from "../ledger/index.ts";
import type { Signals } from "./signals.ts";

const encoder = new TextEncoder();

/**
 * The id of the attempt that a solution is: the hash of all that it will be judged by. The same solution sent
 * again, because nobody could say what came of it, is the same attempt; with another answer or movement, by
 * another program or from another network it is another one. The sealed challenge in `body` makes the hash one
 * that nobody can guess, and that tells nothing of what was sent.
 */
export async function attemptOf(
  body: string,
  network: string | null,
  signals: Signals,
): Promise<AttemptId> {
  const whole = encoder.encode(JSON.stringify([body, network, signals]));
  return attemptId(encodeBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", whole))));
}
