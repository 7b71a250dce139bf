import type { LabelledTrack } from "../tracks/labelled-track.ts";
import { quantile } from "./calibrate.ts";
import type { Scorer } from "./scorer.ts";

/** Part of the strangers that the threshold may refuse: under the 3% that are promised, as they are few. */
export const STRANGERS_REFUSED = 0.02;
/** A source with fewer tracks says too little of its own tail. */
const LEAST_STRANGERS = 40;

/** What people who took no part in the training scored, by the source of their tracks. */
export type StrangersLogits = Readonly<Record<string, readonly number[]>>;

/** Scores each stranger; sources that are too small to have a say are left out. */
export function strangersLogits(tracks: readonly LabelledTrack[], score: Scorer): StrangersLogits {
  const sources = Object.groupBy(tracks, ({ source }) => source);
  return Object.fromEntries(
    Object.entries(sources)
      .filter(([, group = []]) => group.length >= LEAST_STRANGERS)
      .map(([source, group = []]) => [source, group.map(({ points }) => score(points))]),
  );
}

/** The logit below which a track is refused, so that {@link STRANGERS_REFUSED} of the strictest source are. */
export function strangersThreshold(logits: StrangersLogits): number {
  return Math.min(...Object.values(logits).map((group) => quantile(group, STRANGERS_REFUSED)));
}

/** What is refused of each source at the threshold that the other sources set, without a say of its own. */
export function refusedByOthers(logits: StrangersLogits): Record<string, number> {
  const sources = Object.keys(logits);
  return Object.fromEntries(
    (sources.length > 1 ? sources : []).map((away) => {
      const { [away]: own = [], ...others } = logits;
      const threshold = strangersThreshold(others);
      return [away, own.filter((logit) => logit < threshold).length / own.length];
    }),
  );
}
