/**
 * One alarm for all timers of an object. Setting it is a row written, so it is only ever moved nearer:
 * when it fires early the timers are planned anew. After workerd's rules: one alarm per object, given up
 * after six failures, nothing said while it runs.
 */
export interface AlarmPlan {
  /** When the platform will fire next, ms; null when it will not. */
  readonly armedAt: number | null;
}

/** The nearest of some times; null when there is none. */
export function nearest(...times: readonly (number | null)[]): number | null {
  let next: number | null = null;
  for (const time of times) {
    if (time !== null && Number.isFinite(time) && (next === null || time < next)) next = time;
  }
  return next;
}

/** The time to arm the alarm for, or null to leave it as it is. Never the past: that may be lost. */
export function rearm(plan: AlarmPlan, wanted: number | null, now: number): number | null {
  if (wanted === null) return null;
  const at = Math.max(Math.ceil(wanted), now + 1);
  if (plan.armedAt !== null && plan.armedAt > now && plan.armedAt <= at) return null;
  return at;
}
