import type { TrackPoint } from "@sluice/protocol";
import type { Random } from "../random.ts";
import type { AttackFamily, Loot, MotionLaw } from "./attack.ts";
import { dress } from "./ornaments.ts";
import { timeSteps } from "./time-steps.ts";

type Hand = readonly TrackPoint[];

function rounded(points: readonly TrackPoint[]): TrackPoint[] {
  return points.map(([x, y, t]) => [Math.round(x), Math.round(y), Math.round(t)]);
}

function end(hand: Hand): TrackPoint {
  return hand.at(-1) ?? [0, 0, 0];
}

/** Where a hand is at a share of its time, joined by straight lines. */
export function handAt(hand: Hand, share: number): TrackPoint {
  const now = share * end(hand)[2];
  let index = 1;
  while (index < hand.length - 1 && (hand[index]?.[2] ?? 0) < now) index += 1;
  const [x0, y0, t0] = hand[index - 1] ?? [0, 0, 0];
  const [x1, y1, t1] = hand[index] ?? [0, 0, 0];
  const part = t1 > t0 ? Math.min(1, Math.max(0, (now - t0) / (t1 - t0))) : 1;
  return [x0 + part * (x1 - x0), y0 + part * (y1 - y0), now];
}

function steps(hand: Hand): [number, number, number][] {
  return hand.slice(1).map(([x, y, t], index) => {
    const [px, py, pt] = hand[index] ?? [0, 0, 0];
    return [x - px, y - py, t - pt];
  });
}

function summed(parts: readonly (readonly [number, number, number])[]): TrackPoint[] {
  const points: TrackPoint[] = [[0, 0, 0]];
  let [x, y, t] = [0, 0, 0];
  for (const [dx, dy, dt] of parts) {
    x += dx;
    y += dy;
    t += dt;
    points.push([x, y, t]);
  }
  return points;
}

/** A hand's beginning, then a formula to the goal. */
function prefix(random: Random, { hands }: Loot): TrackPoint[] {
  const hand = random.pick(hands);
  const kept = hand.slice(0, Math.max(3, Math.round(hand.length * random.between(0.15, 0.65))));
  const [x, y, t] = end(kept);
  const goal = Math.max(x + 10, end(hand)[0] * random.between(0.9, 1.4));
  const power = random.between(1, 5);
  const intervals = timeSteps(random, { hands }, random.factor(200, 1_500));
  let now = t;
  const rest = intervals.map((dt, index): TrackPoint => {
    now += dt;
    return [x + (goal - x) * (1 - (1 - (index + 1) / intervals.length) ** power), y, now];
  });
  return rounded([...kept, ...rest]);
}

/** The middle between two or more hands, point by point or moment by moment. */
function blend(random: Random, { hands }: Loot): TrackPoint[] {
  const count = random.pick([2, 2, 2, 3, 4]);
  const chosen = Array.from({ length: count }, () => random.pick(hands));
  const raw = chosen.map(() => random.between(0.25, 1));
  const sum = raw.reduce((a, b) => a + b, 0);
  const goal = end(random.pick(chosen))[0];
  const byIndex = random.chance(0.5);
  const size = byIndex ? Math.max(...chosen.map((hand) => hand.length)) : random.integer(20, 100);
  const points = Array.from({ length: size }, (_, index): TrackPoint => {
    const share = index / (size - 1);
    const place: [number, number, number] = [0, 0, 0];
    chosen.forEach((hand, which) => {
      const weight = (raw[which] ?? 0) / sum;
      const at = byIndex ? byPlace(hand, share) : handAt(hand, share);
      place[0] += (weight * at[0] * goal) / Math.max(10, end(hand)[0]);
      place[1] += weight * at[1];
      place[2] += weight * at[2];
    });
    return place;
  });
  return rounded(points);
}

function byPlace(hand: Hand, share: number): TrackPoint {
  const place = share * (hand.length - 1);
  const a = hand[Math.floor(place)] ?? end(hand);
  const b = hand[Math.ceil(place)] ?? end(hand);
  const part = place - Math.floor(place);
  return [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1]), a[2] + part * (b[2] - a[2])];
}

/** A hand on a bent clock: the events' times, or the places at a script's own times. */
function timeWarp(random: Random, { hands }: Loot): TrackPoint[] {
  const hand = random.pick(hands);
  const power = random.pick([random.between(0.45, 0.75), random.between(1.35, 2.2)]);
  const wave = random.between(-0.8, 0.8);
  const warp = (s: number): number => s ** power + (wave / 10) * Math.sin(2 * Math.PI * s);
  const total = end(hand)[2] * random.between(0.7, 1.4);
  if (random.chance(0.5)) {
    let latest = 0;
    return rounded(
      hand.map(([x, y, t]) => {
        latest = Math.max(latest, total * warp(t / Math.max(1, end(hand)[2])));
        return [x, y, latest];
      }),
    );
  }
  const intervals = timeSteps(random, { hands }, total);
  const whole = intervals.reduce((a, b) => a + b, 0);
  let t = 0;
  return rounded([
    [0, 0, 0],
    ...intervals.map((dt): TrackPoint => {
      t += dt;
      const [x, y] = handAt(hand, Math.min(1, Math.max(0, warp(t / whole))));
      return [x, y, t];
    }),
  ]);
}

/** A hand whose columns were shuffled: its numbers, without what ties them together. */
function shuffled(random: Random, { hands }: Loot): TrackPoint[] {
  const parts = steps(random.pick(hands));
  const which = random.integer(1, 7);
  const columns = ([0, 1, 2] as const).map((column) => {
    const values = parts.map((part) => part[column]);
    return which & (1 << column) ? random.shuffled(values) : values;
  });
  // Across alone leaves the hand as it was along the slider, and too many tracks have nothing across.
  const [dx = [], dy = [], dt = []] =
    which === 2 ? [random.shuffled(columns[0] ?? []), ...columns.slice(1)] : columns;
  return summed(dx.map((x, index) => [x, dy[index] ?? 0, dt[index] ?? 0]));
}

/** One hand's way with another hand's times. */
function spliced(random: Random, { hands }: Loot): TrackPoint[] {
  const a = steps(random.pick(hands));
  const b = steps(random.pick(hands));
  const c = steps(random.pick(hands));
  return summed(
    a.map(([dx], index) => [dx, c[index % c.length]?.[1] ?? 0, b[index % b.length]?.[2] ?? 16]),
  );
}

/** Pieces of several hands, one behind the other. */
function stitched(random: Random, { hands }: Loot): TrackPoint[] {
  const pieces = Array.from({ length: random.integer(2, 6) }, () => {
    const parts = steps(random.pick(hands));
    const from = random.integer(0, Math.max(0, parts.length - 6));
    return parts.slice(from, from + random.integer(4, 25));
  });
  return summed(pieces.flat());
}

/** A hand ironed by a running mean, to hide what is particular to it. */
function smoothed(random: Random, { hands }: Loot): TrackPoint[] {
  const hand = random.pick(hands);
  const reach = random.integer(2, 6);
  return rounded(
    hand.map((_, index): TrackPoint => {
      const near = hand.slice(Math.max(0, index - reach), index + reach + 1);
      const mean = (column: 0 | 1 | 2) =>
        near.reduce((sum, point) => sum + point[column], 0) / near.length;
      return [mean(0), mean(1), hand[index]?.[2] ?? 0];
    }),
  );
}

/** A hand with coarse noise over it. */
function noisy(random: Random, { hands }: Loot): TrackPoint[] {
  const size = random.between(1.5, 5);
  return rounded(
    random
      .pick(hands)
      .map(
        ([x, y, t], index): TrackPoint =>
          index === 0 ? [0, 0, 0] : [x + size * random.normal(), y + size * random.normal(), t],
      ),
  );
}

/** A hand played backwards. */
function reversed(random: Random, { hands }: Loot): TrackPoint[] {
  const hand = random.pick(hands);
  const [x, y, t] = end(hand);
  return hand.map(([px, py, pt]): TrackPoint => [x - px, y - py, t - pt]).reverse();
}

/** Only the way of a hand, as a formula, with times and straying of a script. */
function borrowedLaw(random: Random, { hands }: Loot): TrackPoint[] {
  const hand = random.pick(hands);
  const moving = hand.slice(1);
  const from = moving[0]?.[2] ?? 0;
  const law: MotionLaw = (s) => {
    const total = end(hand)[2];
    return (
      handAt(hand, (from + s * (total - from)) / Math.max(1, total))[0] / Math.max(10, end(hand)[0])
    );
  };
  return dress(law, random, { hands });
}

function family(name: string, generate: AttackFamily["generate"]): AttackFamily {
  return { name, group: name, replay: false, generate };
}

/** What can be made of recorded hands that is not a hand any more. */
export const HANDS: readonly AttackFamily[] = [
  family("hand-prefix", prefix),
  family("hands-blended", blend),
  family("hand-time-warped", timeWarp),
  family("hand-shuffled", shuffled),
  family("hands-spliced", spliced),
  family("hands-stitched", stitched),
  family("hand-smoothed", smoothed),
  family("hand-noisy", noisy),
  family("hand-reversed", reversed),
  family("hand-borrowed-law", borrowedLaw),
];
