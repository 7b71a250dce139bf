/** The logistic function's slope and offset, and the value below which a track is refused. */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
  readonly threshold: number;
}

/** Steps of gradient descent on two numbers; far more than they need. */
const STEPS = 2_000;
const RATE = 0.02;

/**
 * Platt's scaling (1999) of logits to the chance that a track is a person's, people and scripts counting the
 * same, and the threshold that `refused` of the logits of `strangers` lie below: people of whom the network
 * has seen nothing, or as near to that as the data allows. The strictest of their groups decides.
 */
export function calibrate(
  humans: readonly number[],
  scripts: readonly number[],
  strangers: readonly (readonly number[])[],
  refused: number,
): Calibration {
  let slope = 1;
  let offset = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const people = gradient(humans, 1, slope, offset);
    const machines = gradient(scripts, 0, slope, offset);
    slope -= RATE * (people.slope + machines.slope);
    offset -= RATE * (people.offset + machines.offset);
  }
  const logit = Math.min(...strangers.map((group) => quantile(group, refused)));
  return { slope, offset, threshold: 1 / (1 + Math.exp(-(slope * logit + offset))) };
}

function gradient(logits: readonly number[], target: number, slope: number, offset: number) {
  let [bySlope, byOffset] = [0, 0];
  for (const logit of logits) {
    const error = 1 / (1 + Math.exp(-(slope * logit + offset))) - target;
    bySlope += error * logit;
    byOffset += error;
  }
  return { slope: bySlope / logits.length, offset: byOffset / logits.length };
}

/** The value that a share of the others lies below. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NEGATIVE_INFINITY;
}
