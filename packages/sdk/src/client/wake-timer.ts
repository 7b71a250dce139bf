/** Longest delay that timers take; a later wake-up is armed again when it fires. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** One timer that can be moved. Only the earliest wish is kept until it fires. */
export class WakeTimer {
  readonly #wake: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #at = Number.POSITIVE_INFINITY;

  constructor(wake: () => void) {
    this.#wake = wake;
  }

  /** Fires at `at`, or sooner if it was to fire sooner already. Times in ms of one clock. */
  noLaterThan(at: number, now: number): void {
    if (at >= this.#at) return;
    this.set(at, now);
  }

  /** Fires at `at` and at no other time. */
  set(at: number, now: number): void {
    this.clear();
    this.#at = at;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#at = Number.POSITIVE_INFINITY;
        this.#wake();
      },
      Math.min(Math.max(0, at - now), MAX_DELAY_MS),
    );
  }

  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#at = Number.POSITIVE_INFINITY;
  }
}
