import type { TrackPoint } from "@sluice/protocol";
import type { Random } from "../random.ts";

/** What an attacker may have to work with: recorded hands. */
export interface Loot {
  readonly hands: readonly (readonly TrackPoint[])[];
}

/** One way of making tracks. */
export interface AttackFamily {
  readonly name: string;
  /** Families of one idea; left out together in the harder of the two evaluations. */
  readonly group: string;
  /**
   * Whether a single track gives it away at all. What replays a hand as it was does not, and is no material
   * for training: the memory for replays is there for it.
   */
  readonly replay: boolean;
  generate(random: Random, loot: Loot): TrackPoint[];
}

/** Where the pointer is along the slider, 0 to about 1, at a share of the movement's time. */
export type MotionLaw = (share: number) => number;
