import type { Random } from "../random.ts";
import type { Loot } from "./attack.ts";

/** A script sends at most this many points. */
const MAX_STEPS = 300;

/** Intervals between a script's points that fill about `durationMs`. */
export function timeSteps(random: Random, loot: Loot, durationMs: number): number[] {
  const steps = filled(durationMs, intervalLaw(random, loot));
  return random.chance(0.3) ? withPauses(steps, random) : steps;
}

/** Intervals as copied scripts have them: a fixed sleep, one drawn between two bounds, or a timer that is late. */
export function bareTimeSteps(random: Random, durationMs: number): number[] {
  return filled(Math.min(durationMs, random.factor(300, 2_500)), bareIntervalLaw(random));
}

function filled(durationMs: number, next: () => number): number[] {
  const steps: number[] = [];
  let total = 0;
  while ((total < durationMs || steps.length < 6) && steps.length < MAX_STEPS) {
    const step = Math.max(0.5, next());
    steps.push(step);
    total += step;
  }
  return steps;
}

function bareIntervalLaw(random: Random): () => number {
  const timer = random.pick([8, 10, 15, 16, 1000 / 60, 20, 25, 30]);
  switch (random.integer(0, 2)) {
    case 0:
      return () => timer;
    case 1: {
      const low = random.pick([5, 8, 10, 10, 10, 15, 20]);
      const high = low + random.pick([5, 5, 10, 10, 15, 20]);
      return () => random.integer(low, high);
    }
    default: {
      const late = random.factor(0.3, 4);
      return () => timer + late * random.exponential();
    }
  }
}

function intervalLaw(random: Random, loot: Loot): () => number {
  switch (random.integer(0, 6)) {
    case 0: {
      const fixed = random.pick([4, 5, 8, 10, 12, 15, 16, 1000 / 60, 20, 25, 30, 40, 50, 100]);
      return () => fixed;
    }
    case 1: {
      const low = random.integer(2, 40);
      const high = low + random.integer(1, 30);
      return () => random.integer(low, high);
    }
    case 2: {
      const mean = random.factor(6, 60);
      const spread = mean * random.between(0.05, 0.5);
      return () => mean + spread * random.normal();
    }
    case 3: {
      const mean = random.factor(6, 50);
      const shape = random.between(0.1, 0.7);
      return () => mean * Math.exp(shape * random.normal());
    }
    case 4: {
      // A timer that is late by what the machine is busy with.
      const timer = random.pick([4, 8, 10, 1000 / 60, 16, 20, 25]);
      const late = random.factor(0.3, 4);
      return () => timer + late * random.exponential();
    }
    case 5: {
      const frame = random.pick([1000 / 60, 1000 / 120, 8, 1000 / 144]);
      const missed = random.between(0, 0.2);
      return () => frame * (random.chance(missed) ? random.integer(2, 4) : 1);
    }
    default:
      return handIntervals(random, loot);
  }
}

/** A hand's own intervals, in its order or in none. */
function handIntervals(random: Random, { hands }: Loot): () => number {
  const hand = random.pick(hands);
  const steps = hand.slice(2).map((point, index) => point[2] - (hand[index + 1]?.[2] ?? 0));
  const intervals = random.chance(0.5) ? random.shuffled(steps) : steps;
  let index = 0;
  return () => {
    const step = intervals[index % intervals.length] ?? 16;
    index += 1;
    return step;
  };
}

function withPauses(steps: readonly number[], random: Random): number[] {
  const result = [...steps];
  const pauses = random.integer(1, 4);
  for (let pause = 0; pause < pauses; pause += 1) {
    const index = random.integer(0, result.length - 1);
    result[index] = (result[index] ?? 0) + random.factor(40, 500);
  }
  return result;
}
