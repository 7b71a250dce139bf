/**
 * Bounds of the wire. Both sides enforce them, so they stand in one place.
 * Sizes are of UTF-8 text in bytes unless the name says otherwise.
 */
export const LIMITS = {
  /** A frame from a client; the platform itself stops at 32 MiB. */
  clientFrameBytes: 1024 * 1024,
  /** A batch frame to a client (a single larger task cannot exist, see `taskBytes`). */
  batchFrameBytes: 1024 * 1024,
  /** Tasks in one batch frame. */
  batchTasks: 1_000,
  /** Items in one report frame. */
  reportItems: 2_000,
  /** `running` entries in a hello. */
  runningEntries: 20_000,
  /** `burst` and `perSecond` of a client without a rate limit; more is cut to it. */
  unlimitedRate: 1e9,
  /** Tasks in one schedule call. */
  callTasks: 10_000,
  /** Body of one schedule call. */
  callBytes: 8 * 1024 * 1024,
  /** One task, normalised. */
  taskBytes: 256 * 1024,
  /** Nesting of `args` and of result rows. */
  jsonDepth: 32,
  /** Body of one poll: a frame of the largest size and room for small ones. */
  pollBytes: 2 * 1024 * 1024,
  /** Frames in one poll. */
  pollFrames: 64,
  /** The longest that a poll may wait. */
  pollWaitMs: 25_000,
  /** One answer to a poll, with all that was kept since the one before. */
  pollAnswerCharacters: 4 * 1024 * 1024,
  kindCharacters: 64,
  agentCharacters: 128,
  factCharacters: 256,
  noteCharacters: 512,
  errorCodeCharacters: 64,
  errorMessageCharacters: 2_048,
  idempotencyKeyCharacters: 128,
  fairnessKeyCharacters: 64,
  /** Thirty days: the longest that a task may wait. */
  ttlSeconds: 30 * 24 * 3600,
  /** One day: the longest that a handler may run. */
  timeoutSeconds: 24 * 3600,
  maxAttempts: 100,
} as const;

/** What a poll waits for a frame where it does not say. */
export const DEFAULT_POLL_WAIT_MS = 20_000;

/** What a task gets where its call is silent. */
export const TASK_DEFAULTS = {
  priority: 5,
  ttlSeconds: 7 * 24 * 3600,
  timeoutSeconds: 600,
  maxAttempts: 5,
} as const;
