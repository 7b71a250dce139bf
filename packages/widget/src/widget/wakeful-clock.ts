/** Two clocks of a browser, in milliseconds from wherever each begins. */
export interface Readings {
  /** Never goes back, and stands still in many browsers while the computer sleeps (w3c/hr-time, issue 115). */
  readonly steady: () => number;
  /** Goes on, and may be put forward or back. */
  readonly wall: () => number;
}

/**
 * A clock that does not go back and does not sleep: the steady one, and the time that only the wall clock
 * noticed. A pass that ran out in a closed laptop has run out when it opens.
 */
export class WakefulClock {
  readonly #readings: Readings;
  readonly #lagAtFirst: number;
  #sleptMs = 0;

  constructor(readings: Readings) {
    this.#readings = readings;
    this.#lagAtFirst = readings.wall() - readings.steady();
  }

  now(): number {
    const steady = this.#readings.steady();
    const lag = this.#readings.wall() - steady;
    this.#sleptMs = Math.max(this.#sleptMs, lag - this.#lagAtFirst);
    return steady + this.#sleptMs;
  }
}
