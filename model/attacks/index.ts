import type { AttackFamily } from "./attack.ts";
import { CURVES } from "./curves.ts";
import { EASINGS } from "./easings.ts";
import { HANDS } from "./hands.ts";
import { PHYSICS } from "./physics.ts";
import { REPLAYS } from "./replays.ts";
import { STROKES } from "./strokes.ts";
import { WALKS } from "./walks.ts";

export type { AttackFamily, Loot } from "./attack.ts";

/** Every family that the score is trained and judged on; docs/score.md describes them. */
export const ATTACK_FAMILIES: readonly AttackFamily[] = [
  ...EASINGS,
  ...PHYSICS,
  ...CURVES,
  ...STROKES,
  ...WALKS,
  ...HANDS,
  ...REPLAYS,
];
