import type { TrackPoint } from "@sluice/protocol";

/** A track that is known to be a person's or a script's. */
export interface LabelledTrack {
  readonly id: string;
  /** Where it was collected: a page, a group of people, a generator. */
  readonly source: string;
  readonly human: boolean;
  /** What kind of hand, or which kind of script. */
  readonly family: string;
  readonly points: readonly TrackPoint[];
}
