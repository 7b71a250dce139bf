/** Times and bounds of the runtime. The defaults suit a fleet; tests and odd networks change them. */
export interface Tuning {
  /** How long items are gathered before a report leaves, ms. */
  readonly gatherMs: number;
  /** Reports that may be without an answer at a time. */
  readonly reportWindow: number;
  /** A report without an answer for this long is sent again on the same connection, ms. */
  readonly reportTimeoutMs: number;
  /** Bound of the first reconnect delay, ms. */
  readonly backoffBaseMs: number;
  /** Bound of every reconnect delay, ms. */
  readonly backoffCapMs: number;
  /** Least wait after another machine connected with the same identity, ms. */
  readonly supersededMs: number;
  /** From opening a socket to `welcome`, ms. */
  readonly greetingTimeoutMs: number;
  /** A connection that lived this long clears the count of failures, ms. */
  readonly stableMs: number;
  /** What a handler gets to stop after its signal aborted, ms. */
  readonly graceMs: number;
  /** What `stop` waits for running handlers, and then for reports to be answered, ms. */
  readonly drainMs: number;
  /** Runs of a task that may die with their process before it is reported as `poisoned`. */
  readonly poisonAfter: number;
  /** How long a task whose process died waits after `welcome`, so that the server can call it off, ms. */
  readonly rerunDelayMs: number;
}

export const DEFAULT_TUNING: Tuning = {
  gatherMs: 25,
  reportWindow: 8,
  reportTimeoutMs: 30_000,
  backoffBaseMs: 1_000,
  backoffCapMs: 300_000,
  supersededMs: 60_000,
  greetingTimeoutMs: 30_000,
  stableMs: 10_000,
  graceMs: 5_000,
  drainMs: 10_000,
  poisonAfter: 3,
  rerunDelayMs: 1_000,
};

/** Time and chance, handed in so that nothing else reads them. */
export interface Clock {
  /** Ms since 1970. */
  now(): number;
  /** In [0, 1). */
  random(): number;
}

export const SYSTEM_CLOCK: Clock = { now: Date.now, random: Math.random };
