import { Canvas } from "../canvas.ts";
import type { Draws } from "../draws.ts";
import { paintHills } from "./hills.ts";
import { paintMountains } from "./mountains.ts";
import { paintSea } from "./sea.ts";
import { paintWaves } from "./waves.ts";

/** A picture with nothing cut out of it. */
export function paintScene(draws: Draws): Canvas {
  const canvas = new Canvas();
  const paint = draws.pick([paintHills, paintMountains, paintSea, paintWaves]);
  paint(canvas, draws);
  return canvas;
}
