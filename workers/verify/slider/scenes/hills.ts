import type { Canvas } from "../canvas.ts";
import type { Draws } from "../draws.ts";
import { WIDTH } from "../geometry.ts";
import { type Curve, wander } from "../noise.ts";
import { drawLight } from "./light.ts";
import { paintRidge } from "./ridge.ts";
import { paintSky } from "./sky.ts";

/** Rolling hills one behind the other with mist between them, and pines on the nearest. */
export function paintHills(canvas: Canvas, draws: Draws): void {
  const light = drawLight(draws);
  const horizon = draws.between(74, 92);
  paintSky(canvas, draws, light, horizon);
  const layers = draws.whole(4, 5);
  for (let layer = 0; layer < layers; layer += 1) {
    const nearness = layer / (layers - 1);
    const crest = crestOf(draws, horizon - 20 + nearness * 66, nearness);
    const tone = light.far + (light.near - light.far) * nearness;
    const mist = 0.16 * (1 - nearness) + 0.05;
    if (nearness > 0.6) paintPines(canvas, draws, crest, tone, 12 + 22 * (nearness - 0.6));
    paintRidge(canvas, { crest, tone, foot: tone + mist, depth: 44 });
  }
}

function crestOf(draws: Draws, level: number, nearness: number): Curve {
  const height = draws.between(9, 15);
  const bumps = wander(draws, { length: 60 + 30 * nearness, octaves: 3, fading: 0.4 });
  return (x) => level + height * bumps(x);
}

/** Pines in groups along a crest. */
function paintPines(canvas: Canvas, draws: Draws, crest: Curve, tone: number, tall: number): void {
  const groups = draws.whole(2, 4);
  for (let group = 0; group < groups; group += 1) {
    const middle = draws.between(0, WIDTH);
    const pines = draws.whole(2, 5);
    for (let pine = 0; pine < pines; pine += 1) {
      const x = middle + (pine - pines / 2) * draws.between(6, 10);
      paintPine(canvas, x, crest(x) + 2, tall * draws.between(0.7, 1.15), tone);
    }
  }
}

/** Three tiers of branches, each wider than the one above. */
function paintPine(canvas: Canvas, x: number, foot: number, tall: number, tone: number): void {
  const tier = tall / 3;
  const bounds = {
    left: x - tall / 2,
    top: foot - tall - 1,
    right: x + tall / 2,
    bottom: foot + 1,
  };
  const distance = (px: number, py: number) => {
    const down = Math.max(0, py - (foot - tall));
    const inTier = (down % tier) / tier;
    const width = 0.14 * tall * (0.35 * Math.floor(down / tier) + 0.2 + inTier);
    return Math.max(Math.abs(px - x) - width, foot - tall - py, py - foot);
  };
  canvas.fill(bounds, distance, tone);
}
