import { type Canvas, coverage } from "../canvas.ts";
import type { Draws } from "../draws.ts";
import { HEIGHT, WIDTH } from "../geometry.ts";
import { wander } from "../noise.ts";
import { drawLight, type Light } from "./light.ts";
import { paintRidge } from "./ridge.ts";
import { paintSky } from "./sky.ts";

interface Peak {
  readonly x: number;
  readonly top: number;
  /** Pixels sideways for each pixel down. */
  readonly slope: number;
  /** Where it meets the lake. */
  readonly foot: number;
  /** Of the lit face. */
  readonly tone: number;
  /** −1 where the light comes from the left, 1 where it comes from the right. */
  readonly litSide: number;
}

/** Snow-capped peaks, lit from one side, over a lake that mirrors them. */
export function paintMountains(canvas: Canvas, draws: Draws): void {
  const light = drawLight(draws);
  const shore = Math.round(draws.between(100, 116));
  paintSky(canvas, draws, light, shore);
  paintRange(canvas, draws, light, shore);
  paintFoothills(canvas, draws, light, shore);
  paintLake(canvas, draws, light, shore);
}

/** Peaks from the farthest, which is palest, to the nearest. */
function paintRange(canvas: Canvas, draws: Draws, light: Light, shore: number): void {
  const peaks = draws.whole(4, 6);
  const litSide = draws.sign();
  const first = draws.between(0, WIDTH);
  for (let index = 0; index < peaks; index += 1) {
    const share = index / (peaks - 1);
    const peak = {
      // Steps of 0.38 turns spread any number of peaks evenly.
      x: (first + index * 0.38 * WIDTH + draws.between(-20, 20)) % WIDTH,
      top: shore - draws.between(30, 46) - 36 * (1 - share) * draws.between(0.6, 1),
      slope: draws.between(0.9, 1.35),
      foot: shore,
      tone: light.far - 0.25 * share * (light.far - light.near),
      litSide,
    };
    paintPeak(canvas, draws, peak);
  }
}

/** One peak: a lit and a shaded face that meet in a crooked edge, and snow down to a ragged line. */
function paintPeak(canvas: Canvas, draws: Draws, peak: Peak): void {
  const { x, top, slope, foot, tone, litSide } = peak;
  const rough = wander(draws, { length: 26, octaves: 3, fading: 0.5 });
  const spine = wander(draws, { length: 22, octaves: 2, fading: 0.5 });
  const snowDepth = draws.between(12, 20);
  const reach = (foot - top) * slope;
  const bounds = { left: x - reach, top: top - 5, right: x + reach, bottom: foot };
  canvas.each(bounds, (px, py) => {
    const down = py - top;
    const covered = coverage(Math.abs(px - x) / slope + 3 * rough(px) - 2 - down);
    if (covered === 0) return;
    const shaded = coverage((px - x - 0.4 * down * spine(py)) * litSide);
    const snow = coverage(down - snowDepth - 7 * rough((px * 2.3 + 40) % WIDTH));
    canvas.lay(px, py, Math.min(1, tone + 0.3 * snow - 0.14 * shaded), covered);
  });
}

function paintFoothills(canvas: Canvas, draws: Draws, light: Light, shore: number): void {
  for (const share of [0.45, 0.75]) {
    const bumps = wander(draws, { length: 70, octaves: 4, fading: 0.45 });
    const level = shore - 14 * (1 - share) - 4;
    const tone = light.far + (light.near - light.far) * share;
    paintRidge(canvas, { crest: (x) => level + 7 * bumps(x), tone, foot: tone + 0.06, depth: 20 });
  }
}

/** Below the shore is what is above it, upside down, drawn together and stirred. */
function paintLake(canvas: Canvas, draws: Draws, light: Light, shore: number): void {
  const ripples = wander(draws, { length: 9, octaves: 2, fading: 0.6 });
  const water = (light.zenith + light.horizon) / 2 - 0.1;
  for (let y = shore; y < HEIGHT; y += 1) {
    const depth = y - shore;
    const stirred = ripples(y * 2) * (1 + depth / 9);
    for (let x = 0; x < WIDTH; x += 1) {
      const above = shore - 1 - 1.7 * depth;
      const mirrored =
        (canvas.toneAt(x + stirred, above) + canvas.toneAt(x + stirred + 1, above - 1)) / 2;
      canvas.lay(x, y, mirrored + (water - mirrored) * 0.3, 1);
    }
  }
  for (let x = 0; x < WIDTH; x += 1) canvas.lay(x, shore, light.horizon, 0.45);
}
