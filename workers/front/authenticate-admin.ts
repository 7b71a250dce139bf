import { ok } from "@sluice/protocol";
import { equalBytes, hashKey } from "../keys/index.ts";
import { bearerOf, missingKey } from "./authenticate.ts";
import { type Outcome, refuse } from "./refusal.ts";
import type { RequestContext } from "./request-context.ts";

/** A shorter secret could be guessed, so it opens nothing. */
const MIN_SECRET_CHARACTERS = 16;

const encoder = new TextEncoder();

/**
 * Whether the platform's admin calls. What is compared are the SHA-256 of both secrets, in constant time:
 * neither the length nor the beginning of the right one shows in how long it takes.
 */
export async function authenticateAdmin(
  headers: Headers,
  { env }: RequestContext,
): Promise<Outcome<null>> {
  const presented = bearerOf(headers);
  if (presented === null) return missingKey();
  const secret = env.ADMIN_SECRET ?? "";
  const [expected, actual] = await Promise.all([hashKey(secret), hashKey(presented)]);
  const isEqual = equalBytes(encoder.encode(expected), encoder.encode(actual));
  const opens = isEqual && secret.length >= MIN_SECRET_CHARACTERS;
  return opens ? ok(null) : refuse("invalid_key", "this key opens nothing here");
}
