import type { Random } from "../random.ts";
import type { Loot } from "./attack.ts";

/** Where the pointer is across the slider, in pixels, at a share of the way; stateful where it wanders. */
export type LateralLaw = (share: number) => number;

/** Nothing across, as most scripts leave it, or a pixel up or down at random. */
export function bareLateralLaw(random: Random): LateralLaw {
  if (random.chance(0.7)) return () => 0;
  const probability = random.between(0.1, 0.9);
  return () => (random.chance(probability) ? random.integer(-1, 1) : 0);
}

export function lateralLaw(random: Random, loot: Loot, distancePx: number): LateralLaw {
  switch (random.integer(0, 7)) {
    case 0:
    case 1:
      return () => 0;
    case 2: {
      const probability = random.between(0.05, 0.8);
      const size = random.pick([1, 1, 1, 2, 3]);
      return () => (random.chance(probability) ? random.integer(-size, size) : 0);
    }
    case 3: {
      const probability = random.between(0.05, 0.6);
      const bias = random.between(0, 1);
      let y = 0;
      return () => {
        if (random.chance(probability)) y += random.chance(bias) ? 1 : -1;
        return y;
      };
    }
    case 4: {
      const endPx = distancePx * random.between(-0.2, 0.2);
      const noise = random.chance(0.5) ? random.factor(0.1, 1.5) : 0;
      return (share) => endPx * share + noise * random.normal();
    }
    case 5: {
      const bowPx = distancePx * random.between(-0.15, 0.15);
      const waves = random.pick([0.5, 0.5, 1, 2, 3]);
      return (share) => bowPx * Math.sin(2 * Math.PI * waves * share);
    }
    case 6: {
      const control = [0, 0, 0].map(() => distancePx * random.between(-0.15, 0.15));
      return (share) => bezier([0, ...control], share);
    }
    default:
      return handLateral(random, loot);
  }
}

function bezier(control: readonly number[], share: number): number {
  let level = [...control];
  while (level.length > 1) {
    level = level.slice(1).map((value, index) => {
      const before = level[index] ?? 0;
      return before + (value - before) * share;
    });
  }
  return level[0] ?? 0;
}

/** Another hand's straying, put on this motion. */
function handLateral(random: Random, { hands }: Loot): LateralLaw {
  const hand = random.pick(hands);
  const sign = random.pick([-1, 1]);
  return (share) => sign * (hand[Math.round(share * (hand.length - 1))]?.[1] ?? 0);
}
