/** Bounds of the visitor's side of the wire. */
export const VERIFY_LIMITS = {
  /** Of `action` and `cdata`, as Turnstile has them, so that a page that moves here sends nothing too long. */
  actionCharacters: 32,
  cdataCharacters: 255,
  sitekeyCharacters: 128,
  /** A sealed challenge with the longest action, cdata and hostname. */
  challengeCharacters: 2_048,
  /** Puzzles of one proof of work. */
  puzzles: 64,
  /** Points of a track that are looked at; a drag of ten seconds at 100 Hz. */
  trackPoints: 1_024,
  /** CSS pixels that a point may be away from the first, in each direction. */
  trackExtent: 20_000,
  /** The longest that a track may take: a challenge lives no longer. */
  trackMs: 600_000,
  /** Body of a call for a challenge: all its fields at their longest, with room for spaces. */
  challengeBytes: 4 * 1024,
  /** Body of a solve call: a track of the most points, the challenge and the proof. */
  solveBytes: 64 * 1024,
} as const;

/** How long a challenge can be solved, and a pass be redeemed, ms. */
export const CHALLENGE_LIFETIME_MS = 180_000;
export const PASS_LIFETIME_MS = 300_000;
