/** How much something is like a person's, from 0 to 1, and why not more, in short stable words. */
export interface Weighed<Reason extends string> {
  readonly value: number;
  readonly reasons: readonly Reason[];
}

/** A doubt: what it is called, and what it leaves of a value. */
export type Doubt<Reason extends string> = readonly [reason: Reason, factor: number];

/** A value of which every doubt takes its part; the heaviest doubt is named first. */
export function weigh<Reason extends string>(
  value: number,
  doubts: readonly Doubt<Reason>[],
): Weighed<Reason> {
  const ordered = doubts.toSorted(([, left], [, right]) => left - right);
  return {
    value: ordered.reduce((left, [, factor]) => left * factor, value),
    reasons: ordered.map(([reason]) => reason),
  };
}
