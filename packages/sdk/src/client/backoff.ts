/** How long to wait before coming back, and how that grows. */
export interface BackoffPolicy {
  /** Upper bound of the first delay. */
  readonly baseMs: number;
  /** Upper bound of every delay. */
  readonly capMs: number;
}

/** 2^30 times any base is beyond every cap, and the power stays exact. */
const MAX_DOUBLINGS = 30;

/**
 * Delay before the next attempt, in ms: full jitter applied after the cap, so that a fleet that has
 * been away long is spread over the whole cap and not pressed against it. `floorMs`, what the server
 * asked for, is waited in full and the jitter comes on top. `random` is in [0, 1).
 * See M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backoffDelayMs(
  policy: BackoffPolicy,
  failures: number,
  random: number,
  floorMs = 0,
): number {
  const bound = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(failures, MAX_DOUBLINGS));
  return floorMs + random * bound;
}
