import type { TrackPoint } from "@sluice/protocol";
import type { Random } from "../random.ts";
import type { AttackFamily, Loot, MotionLaw } from "./attack.ts";
import { drawOrnaments, dress } from "./ornaments.ts";
import { timeSteps } from "./time-steps.ts";

type Place = readonly [x: number, y: number];

/** A Bézier curve of any degree by de Casteljau's construction. */
function bezierAt(control: readonly Place[], share: number): Place {
  let level = [...control];
  while (level.length > 1) {
    level = level.slice(1).map(([x, y], index) => {
      const [fromX, fromY] = level[index] ?? [0, 0];
      return [fromX + (x - fromX) * share, fromY + (y - fromY) * share];
    });
  }
  return level[0] ?? [0, 0];
}

/** A plane curve walked at a pace, with the script's own intervals. */
function walk(
  curve: (share: number) => Place,
  pace: MotionLaw,
  random: Random,
  loot: Loot,
  durationMs: number,
): TrackPoint[] {
  const steps = timeSteps(random, loot, durationMs);
  let t = random.chance(0.5) ? 0 : random.factor(10, 500);
  const points: TrackPoint[] = [[0, 0, 0]];
  steps.forEach((step, index) => {
    t += step;
    const [x, y] = curve(pace((index + 1) / steps.length));
    points.push([x, y, t]);
  });
  if (random.chance(0.5)) {
    const [x, y] = curve(1);
    points.push([x, y, t + random.factor(20, 700)]);
  }
  const round = random.chance(0.75);
  return points.map(([x, y, at]) =>
    round ? [Math.round(x), Math.round(y), Math.round(at)] : [x, y, at],
  );
}

const PACES: readonly MotionLaw[] = [
  (s) => s,
  (s) => 1 - (1 - s) ** 2,
  (s) => 1 - (1 - s) ** 3,
  (s) => 1 - 2 ** (-10 * s),
  (s) => s * s * (3 - 2 * s),
  (s) => Math.sin((s * Math.PI) / 2),
];

/** A curve with two anchors beside the way, sometimes past the goal and back, as ghost-cursor draws it. */
function ghostCursor(random: Random, loot: Loot): TrackPoint[] {
  const { distancePx, durationMs } = drawOrnaments(random);
  const spread = Math.min(200, Math.max(2, distancePx * random.between(0.1, 0.6)));
  const side = random.pick([-1, 1]);
  const anchor = (): Place => [distancePx * random.unit(), side * spread * random.unit()];
  const anchors = [anchor(), anchor()].sort((a, b) => a[0] - b[0]);
  const goal: Place = [distancePx, random.integer(-4, 4)];
  const pace = random.pick(PACES);
  if (random.chance(0.7))
    return walk((s) => bezierAt([[0, 0], ...anchors, goal], s), pace, random, loot, durationMs);
  const beyond: Place = [distancePx + random.between(3, 25), random.between(-8, 8)];
  const turn = random.between(0.6, 0.9);
  const curve = (s: number): Place =>
    s < turn
      ? bezierAt([[0, 0], ...anchors, beyond], s / turn)
      : bezierAt([beyond, [distancePx + 2, 1], goal], (s - turn) / (1 - turn));
  return walk(curve, pace, random, loot, durationMs);
}

/** Many knots within a band, distorted point by point and then paced: HumanCursor and its kin. */
function knottedBezier(random: Random, loot: Loot): TrackPoint[] {
  const { distancePx, durationMs } = drawOrnaments(random);
  const knots = random.integer(1, 8);
  const band = random.between(2, 40);
  const control: Place[] = Array.from({ length: knots }, () => [
    random.between(-0.05, 1.05) * distancePx,
    random.between(-band, band),
  ]);
  const distortion = random.chance(0.7) ? random.factor(0.3, 3) : 0;
  const frequency = random.between(0.2, 0.8);
  const curve = (s: number): Place => {
    const [x, y] = bezierAt([[0, 0], ...control.sort((a, b) => a[0] - b[0]), [distancePx, 0]], s);
    return [x, random.chance(frequency) ? y + distortion * random.normal() : y];
  };
  return walk(curve, random.pick(PACES), random, loot, durationMs);
}

/** Through a few hand-set places at hand-set times, joined by a smooth or a straight line. */
function keyframes(smooth: boolean): (random: Random) => MotionLaw {
  return (random) => {
    const count = random.integer(3, 9);
    const times = [0, ...cuts(random, count), 1];
    const places = times.map((_, index) =>
      index === 0 ? 0 : (index / (count + 1)) ** random.between(0.3, 1.1),
    );
    const last = places.length - 1;
    places[last] = 1;
    if (random.chance(0.5)) places[last - 1] = random.between(0.95, 1.06);
    return (share) => {
      let frame = 0;
      while (frame < last - 1 && (times[frame + 1] ?? 1) < share) frame += 1;
      const from = times[frame] ?? 0;
      const part = (share - from) / Math.max(1e-6, (times[frame + 1] ?? 1) - from);
      const a = places[frame] ?? 0;
      const b = places[frame + 1] ?? 1;
      if (!smooth) return a + (b - a) * part;
      const slopeA = (b - (places[frame - 1] ?? a)) / 2;
      const slopeB = ((places[frame + 2] ?? b) - a) / 2;
      return hermite(a, b, slopeA, slopeB, part);
    };
  };
}

function cuts(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.unit()).sort((a, b) => a - b);
}

function hermite(a: number, b: number, slopeA: number, slopeB: number, s: number): number {
  const s2 = s * s;
  const s3 = s2 * s;
  return (
    (2 * s3 - 3 * s2 + 1) * a +
    (s3 - 2 * s2 + s) * slopeA +
    (3 * s2 - 2 * s3) * b +
    (s3 - s2) * slopeB
  );
}

export const CURVES: readonly AttackFamily[] = [
  { name: "ghost-cursor", group: "bezier", replay: false, generate: ghostCursor },
  { name: "knotted-bezier", group: "bezier", replay: false, generate: knottedBezier },
  {
    name: "keyframes-spline",
    group: "keyframes",
    replay: false,
    generate: (random, loot) => dress(keyframes(true)(random), random, loot),
  },
  {
    name: "keyframes-straight",
    group: "keyframes",
    replay: false,
    generate: (random, loot) => dress(keyframes(false)(random), random, loot),
  },
];
