import type { Canvas } from "../canvas.ts";
import type { Draws } from "../draws.ts";
import { HEIGHT } from "../geometry.ts";
import { wander } from "../noise.ts";
import { paintBoat } from "./boat.ts";
import { drawLight, type Light } from "./light.ts";
import { paintRidge } from "./ridge.ts";
import { type Orb, paintSky } from "./sky.ts";

/** A sea under sun or moon: islands, swell, the path of light on the water, a sailing boat or two. */
export function paintSea(canvas: Canvas, draws: Draws): void {
  const light = drawLight(draws);
  const horizon = Math.round(draws.between(66, 88));
  const orb = paintSky(canvas, draws, light, horizon + 6);
  paintIslands(canvas, draws, light, horizon);
  paintWater(canvas, draws, light, horizon);
  paintPath(canvas, draws, light, horizon, orb);
  const boats = draws.whole(1, 2);
  for (let boat = 0; boat < boats; boat += 1) paintBoat(canvas, draws, light, horizon);
}

function paintIslands(canvas: Canvas, draws: Draws, light: Light, horizon: number): void {
  for (const share of [0.1, 0.4]) {
    const bumps = wander(draws, { length: 64, octaves: 3, fading: 0.42 });
    const height = draws.between(16, 28);
    const tone = light.far + (light.near - light.far) * share;
    const crest = (x: number) => horizon + 2 - Math.max(0, height * bumps(x) + 3);
    paintRidge(canvas, { crest, tone, foot: tone + 0.1, depth: 26 });
  }
}

/** Bands of swell, each darker than the one behind, with a light line along its crest. */
function paintWater(canvas: Canvas, draws: Draws, light: Light, horizon: number): void {
  const far = light.horizon - 0.17;
  const near = (light.zenith + light.near) / 2 - 0.08;
  const bands = draws.whole(5, 7);
  for (let band = 0; band < bands; band += 1) {
    const share = band / bands;
    const level = horizon + (HEIGHT - horizon) * share ** 1.35;
    const swell = wander(draws, { length: 30 + 50 * share, octaves: 2, fading: 0.4 });
    const tone = far + (near - far) * share;
    const crest = (x: number) => level + 7 * share * swell(x);
    const foam = (x: number) => crest(x) - 1.4 * share;
    if (band > 0) paintRidge(canvas, { crest: foam, tone: tone + 0.16, foot: tone, depth: 3 });
    paintRidge(canvas, { crest, tone, foot: tone - 0.05, depth: 20 });
  }
}

/** The path of light: strokes that grow longer and farther apart towards the shore. */
function paintPath(canvas: Canvas, draws: Draws, light: Light, horizon: number, orb: Orb): void {
  let y = horizon + 2;
  while (y < HEIGHT - 2) {
    const depth = (y - horizon) / (HEIGHT - horizon);
    const half = orb.radius * draws.between(0.5, 1.1) * (0.7 + 1.1 * depth);
    const x = orb.x + draws.between(-1, 1) * orb.radius * (0.3 + depth);
    const thick = 0.8 + 1.4 * depth;
    const row = y;
    const bounds = { left: x - half, top: row - 3, right: x + half + 1, bottom: row + 4 };
    const stroke = (px: number, py: number) =>
      Math.abs(py - row) - thick * (1 - ((px - x) / half) ** 2);
    canvas.fill(bounds, stroke, light.orb, 0.75 - 0.35 * depth);
    y += 3 + 5 * depth;
  }
}
