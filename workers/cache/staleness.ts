const SECOND_MS = 1_000;

/**
 * How old the answers of the cache may be. A change reaches a caller through KV, whose own copies are up to
 * a minute old, and then through this memory, so in the usual case two minutes after its commit at the
 * latest; while KV cannot be read, after `stalenessMs` at the latest, because then nothing is answered.
 */
export const STALENESS = {
  /** A record is used without asking KV again. As old again as KV's own copies may be: less buys little. */
  freshnessMs: 60 * SECOND_MS,
  /** From this age a record that is used is read again in the background, so that no caller waits for it. */
  refreshMs: 45 * SECOND_MS,
  /** The last good record serves this long while KV fails. Bounds how long a revoked key may go on opening. */
  stalenessMs: 600 * SECOND_MS,
  /** That KV holds nothing is believed this long: a new key may be on its way there. */
  absenceMs: 10 * SECOND_MS,
  /** After a failure KV is not asked again for the same key, so that a KV that is slow costs few a wait. */
  retryMs: 5 * SECOND_MS,
  /** As `retryMs`, where there is no record to serve meanwhile: callers are being refused. */
  retryUnknownMs: 1 * SECOND_MS,
} as const;

/** A read of KV that takes longer has failed; callers are waiting. */
export const KV_TIMEOUT_MS = 2 * SECOND_MS;

/** For how long KV may answer from its copy near the caller: its least, because it adds to the staleness. */
export const KV_CACHE_TTL_SECONDS = 30;

/**
 * What the records of one isolate may take: half of the 128 MB that it has for everything, which is room
 * for some 80,000 sites.
 */
export const MEMORY_BYTES = 64 * 1024 * 1024;
