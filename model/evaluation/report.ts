import type { LabelledTrack } from "../tracks/labelled-track.ts";
import { quantile } from "../training/calibrate.ts";

/** What `npm run model:eval` says of tracks. Rates are 0 to 1. */
export interface Report {
  readonly auc: number | null;
  readonly threshold: number;
  readonly sources: Readonly<Record<string, SourceReport>>;
  readonly families: Readonly<Record<string, FamilyReport>>;
}

export interface SourceReport {
  readonly n: number;
  /** Share of its people that the shipped threshold refuses. */
  readonly refused: number;
  /** Share of its people whom the memory for replays takes for somebody seen before. */
  readonly mistaken: number;
}

export interface FamilyReport {
  readonly n: number;
  /** Share caught at the shipped threshold. */
  readonly caught: number;
  /** Share caught where 1% of all people given are refused. */
  readonly caughtAt1pc: number;
  /** Share caught by the score or by the memory, after the people given and then one after the other. */
  readonly caughtInSequence: number;
}

/** A track with its value and whether the memory knew it when it came. */
export interface Judged {
  readonly track: LabelledTrack;
  readonly value: number;
  readonly remembered: boolean;
}

const ONE_PERCENT = 0.01;

/** Sums up what was found for each source of people and each family of scripts. */
export function reportOf(judged: readonly Judged[], threshold: number): Report {
  const humans = judged.filter(({ track }) => track.human);
  const scripts = judged.filter(({ track }) => !track.human);
  const strict = quantile(
    humans.map(({ value }) => value),
    ONE_PERCENT,
  );
  return {
    auc: auc(humans, scripts),
    threshold,
    sources: grouped(
      humans,
      ({ track }) => track.source,
      (group) => ({
        n: group.length,
        refused: share(group, ({ value }) => value < threshold),
        mistaken: share(group, ({ remembered }) => remembered),
      }),
    ),
    families: grouped(
      scripts,
      ({ track }) => track.family,
      (group) => ({
        n: group.length,
        caught: share(group, ({ value }) => value < threshold),
        caughtAt1pc: share(group, ({ value }) => value < strict),
        caughtInSequence: share(group, ({ value, remembered }) => value < threshold || remembered),
      }),
    ),
  };
}

function grouped<Summary>(
  judged: readonly Judged[],
  by: (one: Judged) => string,
  sum: (group: readonly Judged[]) => Summary,
): Record<string, Summary> {
  const groups = Object.groupBy(judged, by);
  return Object.fromEntries(Object.entries(groups).map(([name, group = []]) => [name, sum(group)]));
}

function share(group: readonly Judged[], is: (one: Judged) => boolean): number {
  return Number((group.filter(is).length / group.length).toFixed(4));
}

/** The chance that a person scores higher than a script, ties counting half (Mann and Whitney, 1947). */
function auc(humans: readonly Judged[], scripts: readonly Judged[]): number | null {
  if (humans.length === 0 || scripts.length === 0) return null;
  const all = [...humans, ...scripts].sort((a, b) => a.value - b.value);
  let ranks = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1;
    const rank = (from + 1 + to) / 2;
    for (let index = from; index < to; index += 1) if (all[index]?.track.human) ranks += rank;
    from = to;
  }
  const pairs = humans.length * scripts.length;
  return Number(((ranks - (humans.length * (humans.length + 1)) / 2) / pairs).toFixed(4));
}
