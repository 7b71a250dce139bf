import type { TrackPoint } from "@sluice/protocol";
import type { Random } from "../random.ts";
import type { AttackFamily, Loot } from "./attack.ts";
import { drawOrnaments, dress } from "./ornaments.ts";

const MAX_POINTS = 300;

/** B. J. Land's wind and gravity (2007), the oldest of the "human" mouse generators. */
function windMouse(random: Random): TrackPoint[] {
  const { distancePx } = drawOrnaments(random);
  const gravity = random.between(3, 12);
  const wind = random.between(1, 6);
  const maxStep = random.between(4, 20);
  const near = random.between(8, 20);
  const waitMs = random.factor(3, 25);
  const spreadMs = random.between(0, 0.8);
  let [x, y, vx, vy, wx, wy, t, limit] = [0, 0, 0, 0, 0, 0, 0, maxStep];
  const points: TrackPoint[] = [[0, 0, 0]];
  while (Math.hypot(distancePx - x, y) > 1 && points.length < MAX_POINTS) {
    const left = Math.hypot(distancePx - x, y);
    const gust = Math.min(wind, left);
    if (left >= near) {
      wx = wx / Math.sqrt(3) + (gust * random.between(-1, 1)) / Math.sqrt(5);
      wy = wy / Math.sqrt(3) + (gust * random.between(-1, 1)) / Math.sqrt(5);
    } else {
      wx /= Math.sqrt(3);
      wy /= Math.sqrt(3);
      limit = limit < 3 ? random.between(3, 6) : limit / Math.sqrt(5);
    }
    vx += wx + (gravity * (distancePx - x)) / left;
    vy += wy - (gravity * y) / left;
    const v = Math.hypot(vx, vy);
    if (v > limit) {
      const clipped = limit / 2 + (random.unit() * limit) / 2;
      vx = (vx / v) * clipped;
      vy = (vy / v) * clipped;
    }
    x += vx;
    y += vy;
    t += Math.max(1, waitMs * (1 + spreadMs * random.normal()));
    points.push([Math.round(x), Math.round(y), Math.round(t)]);
  }
  return points;
}

/** Steps drawn one by one, with rests now and then: the script of someone who has read "be random". */
function randomSteps(random: Random): TrackPoint[] {
  const { distancePx } = drawOrnaments(random);
  const largest = random.integer(2, 30);
  const smallest = random.chance(0.3) ? -random.integer(1, 3) : random.integer(0, 2);
  const waitMs = random.factor(5, 60);
  const restShare = random.chance(0.5) ? random.between(0.02, 0.2) : 0;
  const slow = random.chance(0.5);
  const points: TrackPoint[] = [[0, 0, 0]];
  let [x, y, t] = [0, 0, 0];
  while (x < distancePx && points.length < MAX_POINTS) {
    const part = slow && x > distancePx * 0.7 ? 0.3 : 1;
    x = Math.min(
      distancePx,
      x + Math.max(smallest, Math.round(random.between(smallest, largest) * part)),
    );
    y += random.chance(0.3) ? random.integer(-1, 1) : 0;
    t += waitMs * random.between(0.5, 1.5);
    if (random.chance(restShare)) t += random.between(60, 400);
    points.push([x, y, Math.round(t)]);
  }
  return points;
}

/** A Markov chain of steps that was counted from recorded hands: each step follows from the one before. */
function markovChain(random: Random, { hands }: Loot): TrackPoint[] {
  const sources = Array.from({ length: random.integer(1, 60) }, () => random.pick(hands));
  const follows = new Map<number, [number, number, number][]>();
  for (const hand of sources) {
    let before = 0;
    for (let index = 1; index < hand.length; index += 1) {
      const [x, y, t] = hand[index] ?? [0, 0, 0];
      const [px, py, pt] = hand[index - 1] ?? [0, 0, 0];
      const step: [number, number, number] = [x - px, y - py, t - pt];
      follows.set(before, [...(follows.get(before) ?? []), step]);
      before = Math.round(step[0]);
    }
  }
  const { distancePx } = drawOrnaments(random);
  const points: TrackPoint[] = [[0, 0, 0]];
  let [x, y, t, before] = [0, 0, 0, 0];
  while (x < distancePx && points.length < MAX_POINTS) {
    const [dx, dy, dt] = random.pick(follows.get(before) ?? [...follows.values()].flat());
    x += dx;
    y += dy;
    t += dt;
    before = Math.round(dx);
    points.push([x, y, t]);
  }
  return points;
}

/** A random walk pinned at both ends, roughened speed and all. */
function bridge(random: Random, loot: Loot): TrackPoint[] {
  const size = 64;
  const walk = [0];
  const roughness = random.between(0.02, 0.25);
  for (let index = 1; index <= size; index += 1)
    walk.push((walk[index - 1] ?? 0) + random.normal());
  const end = walk[size] ?? 0;
  const power = random.between(0.4, 1);
  return dress(
    (share) => {
      const place = Math.round(share * size);
      const pinned = (walk[place] ?? 0) - (end * place) / size;
      return share ** power + (roughness * pinned) / Math.sqrt(size);
    },
    random,
    loot,
  );
}

/** Straight there in a handful of jumps: automation without any disguise, or with long waits between. */
function teleport(random: Random): TrackPoint[] {
  const { distancePx } = drawOrnaments(random);
  const jumps = random.integer(1, 7);
  const waitMs = random.factor(1, 300);
  const points: TrackPoint[] = [[0, 0, 0]];
  let t = 0;
  for (let jump = 1; jump <= jumps; jump += 1) {
    t += Math.round(waitMs * random.between(0.8, 1.2));
    points.push([Math.round((distancePx * jump) / jumps), 0, t]);
  }
  points.push([distancePx, 0, t + random.integer(0, 300)]);
  return points;
}

/** Even steps as fast as the automation protocol takes them: `mouse.move(x, y, {steps})`. */
function automation(random: Random): TrackPoint[] {
  const { distancePx } = drawOrnaments(random);
  const steps = random.integer(5, 100);
  const tripMs = random.factor(0.5, 12);
  const points: TrackPoint[] = [[0, 0, 0]];
  let t = random.factor(1, 100);
  for (let step = 1; step <= steps; step += 1) {
    t += tripMs * (0.6 + 0.4 * random.exponential());
    points.push([(distancePx * step) / steps, 0, t]);
  }
  return points;
}

/** A self-steering walk: speed is its own last value, a pull to the goal and noise, as sequence models make it. */
function autoregressive(random: Random): TrackPoint[] {
  const { distancePx } = drawOrnaments(random);
  const keep = random.between(0.6, 0.97);
  const pull = random.factor(0.02, 0.2);
  const noise = random.factor(0.05, 0.5);
  const stepMs = random.factor(7, 40);
  const spreadMs = random.between(0, 0.4);
  const points: TrackPoint[] = [[0, 0, 0]];
  let [x, y, vx, vy, t] = [0, 0, 0, 0, random.factor(1, 300)];
  while (points.length < MAX_POINTS && (points.length < 10 || Math.abs(distancePx - x) > 1)) {
    vx =
      keep * vx +
      (1 - keep) * pull * (distancePx - x) +
      noise * Math.max(0.3, Math.abs(vx)) * random.normal();
    vy = keep * vy - 0.02 * y + 0.1 * noise * Math.max(0.5, Math.abs(vx)) * random.normal();
    x += vx;
    y += vy;
    t += Math.max(1, stepMs * (1 + spreadMs * random.normal()));
    points.push([Math.round(x), Math.round(y), Math.round(t)]);
  }
  return points;
}

export const WALKS: readonly AttackFamily[] = [
  { name: "wind-mouse", group: "wind-mouse", replay: false, generate: windMouse },
  { name: "random-steps", group: "random-steps", replay: false, generate: randomSteps },
  { name: "markov-chain", group: "markov-chain", replay: false, generate: markovChain },
  { name: "bridge", group: "bridge", replay: false, generate: bridge },
  { name: "teleport", group: "automation", replay: false, generate: teleport },
  { name: "automation", group: "automation", replay: false, generate: automation },
  { name: "autoregressive", group: "autoregressive", replay: false, generate: autoregressive },
];
