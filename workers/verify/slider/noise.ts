import type { Draws } from "./draws.ts";
import { WIDTH } from "./geometry.ts";

/** A curve over the width of the picture: its height at each column. */
export type Curve = (x: number) => number;

interface Wandering {
  /** Distance of the lattice's points in pixels: the length of a bump. */
  readonly length: number;
  readonly octaves: number;
  /** How much smaller each octave is than the one before. */
  readonly fading: number;
}

/**
 * A curve that wanders within about −1 to 1: value noise, each octave twice as fine as the last. It is worked out
 * once for each column; a place between two columns has the height of the nearer.
 */
export function wander(draws: Draws, { length, octaves, fading }: Wandering): Curve {
  const layers = Array.from({ length: octaves }, (_, octave) =>
    valueNoise(draws, length / 2 ** octave),
  );
  const heights = Float32Array.from({ length: WIDTH }, (_, x) =>
    layers.reduce((height, layer, octave) => height + fading ** octave * layer(x), 0),
  );
  return (x) => heights[Math.min(WIDTH - 1, Math.max(0, Math.round(x)))] ?? 0;
}

/** Random heights at even distances, joined smoothly. */
function valueNoise(draws: Draws, length: number): Curve {
  const heights = Array.from({ length: Math.ceil(WIDTH / length) + 2 }, () => draws.between(-1, 1));
  return (x) => {
    const place = x / length;
    const index = Math.floor(place);
    const left = heights[index] ?? 0;
    const right = heights[index + 1] ?? 0;
    return left + (right - left) * smooth(place - index);
  };
}

/** From 0 to 1 with no bend at the ends. */
export function smooth(share: number): number {
  return share * share * (3 - 2 * share);
}
