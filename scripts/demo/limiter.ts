/** A client's limit on frames: `burst` at once, then `perSecond`. */
export interface Limiter {
  readonly burst: number;
  readonly perSecond: number;
}

/** When a limiter lets in the last of `frames` that all arrive at once, ms after they arrived. */
export function lastFrameMs({ burst, perSecond }: Limiter, frames: number): number {
  return (Math.max(0, frames - burst) / perSecond) * 1000;
}
