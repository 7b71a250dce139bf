import type { Random } from "../random.ts";
import type { AttackFamily, MotionLaw } from "./attack.ts";
import { lawFamily } from "./law-family.ts";
import { drawOrnaments, dress } from "./ornaments.ts";

/** Moments at which a simulated motion is kept. */
const SAMPLES = 400;

/** A law from a simulation step: `advance` returns the place, 0 to 1, after each 1/400 of the time. */
function simulated(advance: (dt: number) => number): MotionLaw {
  const places = [0];
  for (let sample = 1; sample <= SAMPLES; sample += 1) places.push(advance(1 / SAMPLES));
  return (share) => {
    const place = Math.min(1, Math.max(0, share)) * SAMPLES;
    const before = places[Math.floor(place)] ?? 1;
    return before + (place - Math.floor(place)) * ((places[Math.ceil(place)] ?? 1) - before);
  };
}

/** Full acceleration to a share of the way, then braking; ends where it must. */
function accelerateBrake(random: Random): MotionLaw {
  const turn = random.between(0.4, 0.9);
  const gain = random.between(1.5, 5);
  const brake = random.between(1.5, 6);
  const start = random.chance(0.7) ? 0 : random.between(0.1, 0.8);
  let x = 0;
  let v = start;
  let top = start;
  const law = simulated((dt) => {
    if (x < turn) v += gain * dt * 3;
    else v = Math.max(0.06 * top, v - brake * dt * 3);
    top = Math.max(top, v);
    x += v * dt;
    return x;
  });
  const end = law(1);
  return (share) => law(share) / end;
}

/** A mass on a damped spring that is hung at the goal. */
function spring(random: Random): MotionLaw {
  const stiffness = random.factor(30, 400);
  const damping = 2 * Math.sqrt(stiffness) * random.between(0.4, 1.4);
  const noise = random.chance(0.5) ? random.factor(0.2, 8) : 0;
  let x = 0;
  let v = 0;
  return simulated((dt) => {
    v += (stiffness * (1 - x) - damping * v) * dt + noise * Math.sqrt(dt) * random.normal();
    x += v * dt;
    return x;
  });
}

/** A controller that steers the pointer's speed, or its force, to the goal, with a limit and a sluggish plant. */
function pid(random: Random): MotionLaw {
  const p = random.factor(3, 30);
  const i = random.chance(0.5) ? random.factor(0.1, 8) : 0;
  const d = random.chance(0.5) ? random.factor(0.01, 0.6) : 0;
  const limit = random.factor(1.5, 8);
  const lag = random.factor(0.005, 0.15);
  const noise = random.chance(0.6) ? random.factor(0.05, 0.6) : 0;
  let x = 0;
  let v = 0;
  let sum = 0;
  let before = 1;
  return simulated((dt) => {
    const error = 1 - x + noise * 0.1 * random.normal();
    sum += error * dt;
    const wanted = p * error + i * sum + d * ((error - before) / dt) * 0.05;
    before = error;
    v += ((Math.min(limit, Math.max(-limit, wanted)) - v) * dt) / lag;
    x += v * dt;
    return x;
  });
}

/** Flash and Hogan's smoothest movement (1985), alone or with a second, correcting one. */
function minimumJerk(random: Random): MotionLaw {
  const whole: MotionLaw = (s) => 10 * s ** 3 - 15 * s ** 4 + 6 * s ** 5;
  if (random.chance(0.5)) return whole;
  const first = random.between(0.75, 1.12);
  const until = random.between(0.4, 0.85);
  const from = random.between(until * 0.7, until);
  const part = (s: number): number => whole(Math.min(1, Math.max(0, s)));
  return (s) => first * part(s / until) + (1 - first) * part((s - from) / (1 - from));
}

/** Constant force with friction, or braking alone: what remains of a throw. */
function friction(random: Random): MotionLaw {
  const drag = random.factor(1, 10);
  const end = 1 - Math.exp(-drag);
  return (s) => (1 - Math.exp(-drag * s)) / end;
}

/** Several full stops on the way, each part with the same law. */
function stages(random: Random): MotionLaw {
  const count = random.integer(2, 5);
  const ends = Array.from({ length: count - 1 }, () => random.between(0.2, 0.98)).sort(
    (a, b) => a - b,
  );
  const places = [0, ...ends, 1];
  const power = random.between(0.6, 3);
  return (s) => {
    const stage = Math.min(count - 1, Math.floor(s * count));
    const within = 1 - (1 - (s * count - stage)) ** power;
    const from = places[stage] ?? 0;
    return from + ((places[stage + 1] ?? 1) - from) * within;
  };
}

/**
 * The loop that most published slider scripts share: time slices of a fixed length, a different acceleration
 * before and after a mark, and whatever way each slice gives, rounded.
 */
function slices(random: Random): AttackFamily["generate"] {
  return (_, loot) => {
    const ornaments = drawOrnaments(random);
    const slice = random.pick([0.1, 0.2, 0.3, 0.02]);
    const mark = random.pick([0.5, 0.6, 2 / 3, 0.7, 0.75, 0.8, 0.875]);
    const up = random.pick([1, 2, 3, 4, 5]) * random.factor(1, 30);
    const down = -random.pick([0.5, 1, 2, 3, 4, 5, 6]) * random.factor(1, 20);
    const places = [0];
    let x = 0;
    let v = random.pick([0, 0, 5, 10]);
    while (x < ornaments.distancePx && places.length < 200) {
      const a = x < ornaments.distancePx * mark ? up : down;
      const step = Math.max(0.5, v * slice + 0.5 * a * slice * slice);
      v = Math.max(0, v + a * slice);
      x = Math.min(ornaments.distancePx, x + step);
      places.push(x / ornaments.distancePx);
    }
    const law: MotionLaw = (s) => places[Math.round(s * (places.length - 1))] ?? 1;
    return dress(law, random, loot, {
      ...ornaments,
      durationMs: places.length * random.factor(5, 40),
    });
  };
}

export const PHYSICS: readonly AttackFamily[] = [
  lawFamily("accelerate-brake", accelerateBrake),
  {
    name: "slices",
    group: "accelerate-brake",
    replay: false,
    generate: (r, loot) => slices(r)(r, loot),
  },
  lawFamily("spring", spring),
  lawFamily("pid", pid),
  lawFamily("minimum-jerk", minimumJerk),
  lawFamily("friction", friction),
  lawFamily("stages", stages),
];
