/** Something that settles after a while, unless it is cancelled; a cancelled one never settles. */
export interface Timer {
  readonly elapsed: Promise<void>;
  cancel(): void;
}

/** Starts a timer of `ms` milliseconds. */
export function startTimer(ms: number): Timer {
  const { promise: elapsed, resolve } = Promise.withResolvers<void>();
  const handle = setTimeout(resolve, ms);
  return { elapsed, cancel: () => clearTimeout(handle) };
}
