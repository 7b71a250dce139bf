import type { Random } from "../random.ts";
import type { AttackFamily, MotionLaw } from "./attack.ts";
import { dress } from "./ornaments.ts";

/** A family of its own group: each of its tracks moves by a law that is drawn anew, dressed as scripts are. */
export function lawFamily(name: string, make: (random: Random) => MotionLaw): AttackFamily {
  return {
    name,
    group: name,
    replay: false,
    generate: (random, loot) => dress(make(random), random, loot),
  };
}
