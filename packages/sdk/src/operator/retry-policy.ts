import { backoffDelayMs } from "../client/backoff.ts";
import type { SluiceError } from "./sluice-error.ts";

/** How often and how long a call is tried. */
export interface RetryPolicy {
  /** Attempts in all; 1 for none but the first. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly capMs: number;
  /** An answer that asks for a longer wait than this is handed to the caller instead. */
  readonly maxWaitMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 5,
  baseMs: 250,
  capMs: 8_000,
  maxWaitMs: 60_000,
};

/** Answers after which the service is likely to do better, and after which nothing can be known. */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/**
 * Ms to wait before a failed call is tried again, or null when it must not be. `repeatable` says that
 * doing it twice does no more than doing it once; a call that is not is tried again only after 429,
 * which says that nothing was done. `attempt` counts from 1; `random` is in [0, 1).
 */
export function retryDelayMs(
  error: SluiceError,
  repeatable: boolean,
  attempt: number,
  random: number,
  policy: RetryPolicy,
): number | null {
  if (attempt >= policy.attempts || !mayRetry(error, repeatable)) return null;
  if (error.retryAfterMs > policy.maxWaitMs) return null;
  return backoffDelayMs(policy, attempt - 1, random, error.retryAfterMs);
}

function mayRetry(error: SluiceError, repeatable: boolean): boolean {
  if (error.status === 429) return error.code !== "queue_full";
  if (!repeatable) return false;
  if (error.status === 0) return error.code === "network" || error.code === "timeout";
  return TRANSIENT_STATUSES.has(error.status);
}
