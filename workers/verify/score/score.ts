/**
 * What speaks against a person, in words that an owner can read; docs/score.md explains each. The codes are
 * stable: they are stored in passes and shown to the owners of sites.
 */
export const SCORE_REASONS = [
  "malformed",
  "too_short",
  "rhythm",
  "steps",
  "sideways",
  "speed",
  "way",
  "pace",
  "keys_too_fast",
  "keys_too_regular",
  "keys_implausible",
] as const;

export type ScoreReason = (typeof SCORE_REASONS)[number];

/** How much a track is like a person's. */
export interface Score {
  /** 0 to 1; 1 is a person. */
  readonly value: number;
  /** At most three, the heaviest first; none where nothing speaks against a person. */
  readonly reasons: readonly ScoreReason[];
}
