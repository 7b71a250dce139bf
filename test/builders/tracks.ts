import type { TrackPoint } from "@sluice/protocol";
import { onAnotherDevice } from "../../model/devices/devices.ts";
import { Random } from "../../model/random.ts";

/**
 * A movement as a hand might make it: two strokes, a correction, a drift across, rests and an uneven clock. It
 * stands for people in tests, because people's own tracks stay out of the project.
 */
export function handLike(seed: number, wayPx = 140): TrackPoint[] {
  const random = new Random(seed);
  const points: [number, number, number][] = [[0, 0, 0]];
  const strokeMs = random.between(450, 800);
  const tilt = random.between(-0.1, 0.1);
  let t = random.between(60, 180);
  let drift = 0;
  for (let passed = 0; passed < 2.2 * strokeMs; ) {
    const step = random.between(7, 17);
    t += step;
    passed += step;
    drift += 0.3 * random.normal();
    const first = smooth(passed / strokeMs) * 0.9;
    const second = smooth((passed - strokeMs) / strokeMs) * 0.1;
    const x = wayPx * (first + second) + drift * Math.min(1, passed / strokeMs);
    points.push([Math.round(x), Math.round(tilt * x), Math.round(t)]);
  }
  return points;
}

function smooth(share: number): number {
  const s = Math.min(1, Math.max(0, share));
  return s * s * s * (10 - 15 * s + 6 * s * s);
}

/** Many of them, on many devices. */
export function manyHands(count: number, seed = 1): TrackPoint[][] {
  return Array.from({ length: count }, (_, index) =>
    onAnotherDevice(handLike(seed * 1_000 + index), new Random(seed * 77 + index)),
  );
}

/** Ease-out of a script: a point every 15 ms, nothing across. */
export function easeOut(wayPx = 140, steps = 60): TrackPoint[] {
  return Array.from({ length: steps + 1 }, (_, index): TrackPoint => {
    const share = 1 - (1 - index / steps) ** 3;
    return [Math.round(wayPx * share), 0, 15 * index];
  });
}

/**
 * The script that is copied most, from a solver of GeeTest's slider: exponential ease-out, half a point a pixel
 * and 30 more, 10 to 20 ms apart, nothing across.
 */
export function copiedExpo(seed: number, wayPx = 140): TrackPoint[] {
  const random = new Random(seed);
  const steps = 30 + Math.floor(wayPx / 2);
  let t = 0;
  return Array.from({ length: steps + 1 }, (_, index): TrackPoint => {
    if (index > 0) t += random.integer(10, 20);
    const share = index === steps ? 1 : 1 - 2 ** ((-10 * index) / steps);
    return [Math.round(wayPx * share), 0, t];
  });
}
