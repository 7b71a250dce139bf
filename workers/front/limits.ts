import { ok } from "@sluice/protocol";
import type { RateLimiter } from "../env.ts";
import { networkOf } from "./network.ts";
import { type Outcome, refuse } from "./refusal.ts";
import type { RequestContext } from "./request-context.ts";

/** The period of the limits in wrangler.toml; the binding does not say how much of it is left. */
const PERIOD_SECONDS = 60;
/**
 * Counts a request against its address. Only the header that Cloudflare itself sets is believed, and on
 * every request from outside it does; without it the service runs locally, or another Worker calls.
 */
export async function limitAddress(
  headers: Headers,
  context: RequestContext,
): Promise<Outcome<null>> {
  const address = headers.get("cf-connecting-ip");
  if (address === null) return ok(null);
  const detail = "too many requests from this address";
  return count(context.env.ADDRESS_LIMIT, networkOf(address), detail);
}

/** Counts a request against the key that it came with. */
export function limitKey(keyId: string, context: RequestContext): Promise<Outcome<null>> {
  return count(context.env.KEY_LIMIT, keyId, "too many requests with this key");
}

/** Counts a request for a site: of its visitors and of its server. */
export function limitSite(siteId: string, context: RequestContext): Promise<Outcome<null>> {
  return count(context.env.SITE_LIMIT, siteId, "too many requests for this site");
}

/** Counts a client's attempt to connect. */
export function limitClient(clientId: string, context: RequestContext): Promise<Outcome<null>> {
  return count(context.env.CLIENT_LIMIT, clientId, "this client connects too often");
}

/** Counts a poll of a client, which come as often as there is something to say. */
export function limitPolls(clientId: string, context: RequestContext): Promise<Outcome<null>> {
  return count(context.env.KEY_LIMIT, clientId, "this client polls too often");
}

/** A limiter that fails lets pass: it is a rough ceiling, and the objects keep the exact quotas. */
async function count(limiter: RateLimiter, key: string, detail: string): Promise<Outcome<null>> {
  const within = await limiter.limit({ key }).catch(() => ({ success: true }));
  return within.success ? ok(null) : refuse("rate_limited", detail, PERIOD_SECONDS);
}
