import type { Random } from "../random.ts";

/** Examples of one step of training. */
export const BATCH = 512;

/** How a network is trained. */
export interface Recipe {
  /** Outputs of each hidden layer. */
  readonly hidden: readonly number[];
  readonly epochs: number;
  /** Strength of mixup: both parameters of the beta distribution; 0 for none. */
  readonly mixup: number;
  /** Deviation of noise on the scaled inputs. */
  readonly noise: number;
  /** Share of inputs that are left out of each example. */
  readonly dropout: number;
}

/** Scaled inputs by rows, what each should give, and how much it counts. */
export interface Material {
  readonly matrix: Float32Array;
  readonly width: number;
  readonly targets: Float32Array;
  readonly weights: Float32Array;
}

/** Mixup (Zhang et al., 2018) within a batch, noise, and left-out inputs. */
export function mixedBatch(
  { matrix, width, targets, weights }: Material,
  { mixup, noise, dropout }: Recipe,
  order: readonly number[],
  random: Random,
) {
  const partners = random.shuffled(order);
  const inputs = new Float32Array(order.length * width);
  const mixedTargets = new Float32Array(order.length);
  order.forEach((index, place) => {
    const partner = partners[place] ?? index;
    const share = mixup > 0 ? mixingShare(mixup, random) : 1;
    for (let column = 0; column < width; column += 1) {
      if (dropout > 0 && random.chance(dropout)) continue;
      const own = matrix[index * width + column] ?? 0;
      const other = matrix[partner * width + column] ?? 0;
      const mixed = share * own + (1 - share) * other;
      inputs[place * width + column] = mixed + (noise > 0 ? noise * quickNormal(random) : 0);
    }
    mixedTargets[place] = share * (targets[index] ?? 0) + (1 - share) * (targets[partner] ?? 0);
  });
  const own = Float32Array.from(order, (index) => weights[index] ?? 1);
  return { inputs, targets: mixedTargets, weights: own };
}

/** The larger part of a beta distribution with both parameters `strength` (Jöhnk, 1964). */
function mixingShare(strength: number, random: Random): number {
  for (;;) {
    const a = random.unit() ** (1 / strength);
    const b = random.unit() ** (1 / strength);
    if (a + b > 0 && a + b <= 1) return Math.max(a, b) / (a + b);
  }
}

/** Near enough to normal for noise, at a fraction of the time: the sum of three uniform draws. */
function quickNormal(random: Random): number {
  return 2 * (random.unit() + random.unit() + random.unit() - 1.5);
}
