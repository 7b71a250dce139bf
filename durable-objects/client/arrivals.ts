/** How enqueue calls have been coming in. */
export interface Arrivals {
  readonly lastAt: number;
  /** Typical time between calls, ms; null after a single one. */
  readonly gapMs: number | null;
}

/** A stream is over when this many of its typical gaps have passed without a call … */
const QUIET_GAPS = 5;
/** … but not sooner than this, for calls of one loop are jittered by their own round trips. */
const QUIET_FLOOR_MS = 50;

/**
 * One more call. The gap is averaged as a logarithm, half old and half new, so that it follows a
 * change from a burst (ms) to a stream (seconds) or back within a few calls.
 */
export function arrive(arrivals: Arrivals | null, now: number): Arrivals {
  if (arrivals === null) return { lastAt: now, gapMs: null };
  const gap = Math.max(1, now - arrivals.lastAt);
  return { lastAt: now, gapMs: Math.sqrt((arrivals.gapMs ?? gap) * gap) };
}

/** When the stream counts as over if nothing more comes, ms. */
export function quietAt(arrivals: Arrivals): number {
  return arrivals.lastAt + Math.max(QUIET_FLOOR_MS, QUIET_GAPS * (arrivals.gapMs ?? 0));
}
