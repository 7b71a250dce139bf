import type { Canvas } from "../canvas.ts";
import type { Draws } from "../draws.ts";
import { WIDTH } from "../geometry.ts";
import type { Light } from "./light.ts";

/** A sailing boat somewhere on the water: a hull, a mainsail and a smaller jib. */
export function paintBoat(canvas: Canvas, draws: Draws, light: Light, horizon: number): void {
  const size = draws.between(11, 20);
  const x = draws.between(30, WIDTH - 30);
  const waterline = horizon + draws.between(0.5, 1.1) * size;
  const mast = waterline - 1.65 * size;
  const boom = waterline - 2.5;
  const sail = light.stars ? 0.8 : 0.98;
  const bounds = { left: x - size, top: mast - 1, right: x + size, bottom: waterline + 4 };
  const main = triangle(x + 0.6, mast, boom, 0.62 * size);
  const jib = triangle(x - 0.9, mast + 0.2 * size, boom, -0.45 * size);
  canvas.fill(bounds, main, sail);
  canvas.fill(bounds, jib, sail - 0.14);
  canvas.fill(
    bounds,
    (px, py) => {
      const down = py - waterline;
      return Math.max(-1.5 - down, down - 2.5, Math.abs(px - x) - 0.75 * size + down);
    },
    light.near * 0.6,
  );
}

/** An upright sail from its top down to the boom, as wide there as `reach`; to the left if that is negative. */
function triangle(mast: number, top: number, boom: number, reach: number) {
  const side = Math.sign(reach);
  const width = Math.abs(reach);
  return (x: number, y: number) => {
    const out = (x - mast) * side;
    return Math.max(-out, y - boom, out - (width * (y - top)) / (boom - top));
  };
}
