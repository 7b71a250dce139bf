/** A client's own rate limiter: what the server's pacing must never set off. */
export class TokenBucket {
  readonly burst: number;
  readonly perSecond: number;
  /** How often a frame came with no token left. */
  trips = 0;
  #tokens: number;
  #filledAtMs: number;

  constructor(burst: number, perSecond: number, nowMs: number) {
    this.burst = burst;
    this.perSecond = perSecond;
    this.#tokens = burst;
    this.#filledAtMs = nowMs;
  }

  /** Whole tokens left. */
  tokens(nowMs: number): number {
    this.#refill(nowMs);
    return Math.floor(this.#tokens);
  }

  /** Pays for one frame; without a whole token it counts a trip. */
  take(nowMs: number): void {
    this.#refill(nowMs);
    if (this.#tokens >= 1) this.#tokens -= 1;
    else this.trips += 1;
  }

  #refill(nowMs: number): void {
    const gained = ((nowMs - this.#filledAtMs) / 1_000) * this.perSecond;
    this.#tokens = Math.min(this.burst, this.#tokens + gained);
    this.#filledAtMs = nowMs;
  }
}
