/** The rate at which a client lets batch frames in. */
export interface Limiter {
  /** Most tokens that can be saved up. */
  readonly burst: number;
  /** Tokens that come back in a second. */
  readonly perSecond: number;
}

/** Tokens at one moment; refill is computed when it is asked for. */
export interface Bucket {
  readonly tokens: number;
  /** When `tokens` held, ms. */
  readonly at: number;
}

/** A bucket that nothing was taken from yet. */
export function fullBucket(limiter: Limiter, now: number): Bucket {
  return { tokens: limiter.burst, at: now };
}

/** Tokens at `now`. A clock that went back refills nothing. */
export function tokensAt(limiter: Limiter, bucket: Bucket, now: number): number {
  const refilled = (Math.max(0, now - bucket.at) / 1000) * limiter.perSecond;
  return Math.min(limiter.burst, bucket.tokens + refilled);
}

/** The bucket after one token was taken, or null when there is none. */
export function takeToken(limiter: Limiter, bucket: Bucket, now: number): Bucket | null {
  const tokens = tokensAt(limiter, bucket, now);
  return tokens < 1 ? null : { tokens: tokens - 1, at: now };
}

/** Ms from `now` until there is a token; infinite when none ever comes back. */
export function waitForTokenMs(limiter: Limiter, bucket: Bucket, now: number): number {
  const missing = 1 - tokensAt(limiter, bucket, now);
  if (missing <= 0) return 0;
  return limiter.perSecond > 0
    ? Math.ceil((missing / limiter.perSecond) * 1000)
    : Number.POSITIVE_INFINITY;
}
