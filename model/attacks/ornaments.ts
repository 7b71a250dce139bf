import type { TrackPoint } from "@sluice/protocol";
import type { Random } from "../random.ts";
import type { Loot, MotionLaw } from "./attack.ts";
import { bareLateralLaw, type LateralLaw, lateralLaw } from "./lateral-laws.ts";
import { bareTimeSteps, timeSteps } from "./time-steps.ts";

/** Everything that scripts add to their motion law, drawn anew for each track. */
export interface Ornaments {
  readonly distancePx: number;
  readonly durationMs: number;
}

/** Part of the scripts that come as they are copied from page to page: a law, a timer, whole pixels. */
const BARE = 0.6;
/** And of those, the part that still goes too far and comes back. */
const BARE_CORRECTED = 0.3;

/** A slider's way and a believable time for it. */
export function drawOrnaments(random: Random): Ornaments {
  return {
    distancePx: Math.round(random.factor(35, 320)),
    durationMs: random.factor(200, 4_000),
  };
}

/** What a script puts around its motion law. */
interface Dressing {
  readonly steps: readonly number[];
  readonly side: LateralLaw;
  readonly noise: () => number;
  readonly corrected: boolean;
}

/**
 * A track of a motion law as a script would send it: as it is copied, or with pauses, noise, corrections and
 * rounding of its own.
 */
export function dress(
  law: MotionLaw,
  random: Random,
  loot: Loot,
  ornaments: Ornaments = drawOrnaments(random),
): TrackPoint[] {
  const { distancePx } = ornaments;
  const { steps, side, noise, corrected } = random.chance(BARE)
    ? bare(random, ornaments)
    : disguised(random, loot, ornaments);
  const total = steps.reduce((sum, step) => sum + step, 0);
  // Half of the scripts count steps rather than time, so that a pause does not move the pointer.
  const byTime = random.chance(0.5);
  const points: [number, number, number][] = [[0, 0, 0]];
  let t = pressPause(random);
  let passed = 0;
  steps.forEach((step, index) => {
    t += step;
    passed += step;
    const share = byTime ? passed / total : (index + 1) / steps.length;
    points.push([law(share) * distancePx + noise(), side(share), t]);
  });
  if (corrected) correct(points, random, distancePx);
  settle(points, random);
  return roundAll(points, random);
}

function bare(random: Random, { durationMs }: Ornaments): Dressing {
  return {
    steps: bareTimeSteps(random, durationMs),
    side: bareLateralLaw(random),
    noise: () => 0,
    corrected: random.chance(BARE_CORRECTED),
  };
}

function disguised(random: Random, loot: Loot, { distancePx, durationMs }: Ornaments): Dressing {
  return {
    steps: timeSteps(random, loot, durationMs),
    side: lateralLaw(random, loot, distancePx),
    noise: positionNoise(random),
    corrected: random.chance(0.5),
  };
}

function pressPause(random: Random): number {
  return random.chance(0.5) ? 0 : random.factor(10, 700);
}

function positionNoise(random: Random): () => number {
  if (random.chance(0.6)) return () => 0;
  const size = random.factor(0.2, 2);
  if (random.chance(0.5)) return () => size * random.normal();
  let drift = 0;
  return () => {
    drift = 0.7 * drift + size * random.normal();
    return drift;
  };
}

/** Going too far and coming back, or trembling at the goal: what scripts copy from people first. */
function correct(points: [number, number, number][], random: Random, distancePx: number): void {
  const last = points.at(-1) ?? [0, 0, 0];
  let [x, y, t] = last;
  const stepMs = random.factor(8, 120);
  const count = random.integer(1, 10);
  const kind = random.pick(["overshoot", "tremble", "creep"]);
  const wayPx = kind === "overshoot" ? random.between(2, 10) : random.between(1, 4);
  if (kind === "overshoot") {
    for (let step = 1; step <= count; step += 1) {
      t += stepMs * random.between(0.7, 1.3);
      x = last[0] + (wayPx * step) / count;
      points.push([x, y, t]);
    }
  }
  for (let step = 1; step <= count; step += 1) {
    t += stepMs * random.between(0.7, 1.3);
    if (kind === "tremble") x = distancePx + random.pick([-1, 0, 1]) * random.between(0, wayPx);
    else if (kind === "creep") x += random.integer(0, 1);
    else x = last[0] + wayPx * (1 - step / count);
    y += random.chance(0.2) ? random.pick([-1, 1]) : 0;
    points.push([x, y, t]);
  }
}

/** The rest before the button is let go. */
function settle(points: [number, number, number][], random: Random): void {
  if (random.chance(0.5)) return;
  const [x, y, t] = points.at(-1) ?? [0, 0, 0];
  points.push([x, y, t + random.factor(20, 900)]);
}

function roundAll(points: readonly TrackPoint[], random: Random): TrackPoint[] {
  const rounding = random.pick([Math.round, Math.round, Math.floor, Math.trunc, (x: number) => x]);
  return points.map(([x, y, t]) => [rounding(x), rounding(y), Math.round(t)]);
}
