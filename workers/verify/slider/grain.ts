import type { Draws } from "./draws.ts";

const RANGE = 2 ** 32;
/** Steps after which every seed word has reached every other. */
const WARM_UP_STEPS = 12;

/** Numbers in [0, 1) for the film grain. */
export type Grain = () => number;

/**
 * A small generator (sfc32, C. Doty-Humphrey, PractRand) seeded with 96 random bits, because grain takes a number
 * for each of 50,000 pixels. It draws nothing but grain: whoever works back its state learns the grain.
 */
export function seededGrain(draws: Draws): Grain {
  let a = draws.bits();
  let b = draws.bits();
  let c = draws.bits();
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / RANGE;
  };
  for (let step = 0; step < WARM_UP_STEPS; step += 1) next();
  return next;
}
