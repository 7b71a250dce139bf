/** Pause after a hand-over that failed; doubles with each failure in a row up to the longest. */
export const HAND_OVER_RETRY_MS = 1_000;
const LONGEST_HAND_OVER_RETRY_MS = 30_000;

/** Records of one hand-over call, so that a long outage is made good in bounded calls. */
export const HAND_OVER_RECORDS = 500;

/** When to hand over next, and how often it has failed in a row. */
export interface HandOverPlan {
  readonly failures: number;
  /** Milliseconds; null: nothing is owed. */
  readonly nextAt: number | null;
}

export const NOTHING_OWED: HandOverPlan = { failures: 0, nextAt: null };

/** The plan after a record became owed: at once, unless a try is planned already. */
export function planHandOver(plan: HandOverPlan, now: number): HandOverPlan {
  return plan.nextAt === null ? { failures: 0, nextAt: now } : plan;
}

/** The plan after a round of calls: on with the rest at once, or later when a partner was silent. */
export function afterHandOver(
  plan: HandOverPlan,
  outcome: { readonly failed: boolean; readonly stillOwed: boolean },
  now: number,
): HandOverPlan {
  if (!outcome.stillOwed) return NOTHING_OWED;
  if (!outcome.failed) return { failures: 0, nextAt: now };
  const pauseMs = Math.min(HAND_OVER_RETRY_MS * 2 ** plan.failures, LONGEST_HAND_OVER_RETRY_MS);
  return { failures: plan.failures + 1, nextAt: now + pauseMs };
}
