import { FEATURES } from "./features/index.ts";
import { NETWORK, networkValue } from "./model.ts";
import type { ScoreReason } from "./score.ts";

/** A track with more than this needs no excuse. */
const SURE = 0.9;
const MOST_REASONS = 3;
/** What a group of features must have cost a track to be named. */
const LEAST_GAIN = 0.02;

/** The features of each reason, by the beginning of their names. */
const PREFIXES: readonly (readonly [ScoreReason, string])[] = [
  ["rhythm", "time."],
  ["steps", "step."],
  ["sideways", "side."],
  ["speed", "speed."],
  ["way", "way."],
  ["pace", "pace."],
];

/** And by their places, as names are dear to compare for every track. */
const GROUPS = PREFIXES.map(([reason, prefix]) => ({
  reason,
  places: FEATURES.flatMap((name, place) => (name.startsWith(prefix) ? [place] : [])),
}));

const altered = new Float32Array(FEATURES.length);

/**
 * Which groups of features pulled a track down most: those that would raise its value most if they were what
 * they are on the average. None where the value is high.
 */
export function reasonsOf(features: Float32Array, value: number): ScoreReason[] {
  if (value >= SURE) return [];
  const gains = GROUPS.map(({ reason, places }) => {
    altered.set(features);
    for (const place of places) altered[place] = NETWORK.means[place] ?? 0;
    return { reason, gain: networkValue(altered) - value };
  });
  return gains
    .filter(({ gain }) => gain > LEAST_GAIN)
    .sort((a, b) => b.gain - a.gain)
    .slice(0, MOST_REASONS)
    .map(({ reason }) => reason);
}
