import { around, type Canvas, disc } from "../canvas.ts";
import type { Draws } from "../draws.ts";
import { HEIGHT, WIDTH } from "../geometry.ts";
import { smooth } from "../noise.ts";
import type { Light } from "./light.ts";

/** Sun or moon: where it is and how large. */
export interface Orb {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

const STARS = 46;
/** How far the glow reaches, in radii of the orb. */
const GLOW_REACH = 4.2;

/** A sky that lightens towards its horizon, with the orb, its glow, and stars or clouds. */
export function paintSky(canvas: Canvas, draws: Draws, light: Light, horizon: number): Orb {
  const orb = {
    x: draws.between(30, WIDTH - 30),
    y: draws.between(0.24, 0.72) * horizon,
    radius: draws.between(10, 20),
  };
  paintAir(canvas, light, horizon, orb);
  if (light.stars) paintStars(canvas, draws, horizon);
  canvas.fill(around(orb.x, orb.y, orb.radius + 1), disc(orb.x, orb.y, orb.radius), light.orb);
  if (!light.stars) paintClouds(canvas, draws, light, horizon);
  return orb;
}

function paintAir(canvas: Canvas, light: Light, horizon: number, orb: Orb): void {
  const reach = GLOW_REACH * orb.radius;
  for (let y = 0; y < HEIGHT; y += 1) {
    const depth = smooth(Math.min(1, y / horizon));
    const air = light.zenith + (light.horizon - light.zenith) * depth;
    canvas.tones.fill(air, y * WIDTH, (y + 1) * WIDTH);
  }
  canvas.each(around(orb.x, orb.y, reach), (x, y) => {
    const away = Math.sqrt((x - orb.x) ** 2 + (y - orb.y) ** 2) / reach;
    if (away < 1) canvas.lay(x, y, 1, light.glow * (1 - smooth(away)));
  });
}

function paintStars(canvas: Canvas, draws: Draws, horizon: number): void {
  for (let star = 0; star < STARS; star += 1) {
    const x = draws.between(2, WIDTH - 2);
    const y = draws.between(2, horizon - 8);
    const radius = draws.between(0.35, 1);
    canvas.fill(around(x, y, 2), disc(x, y, radius), 0.95, draws.between(0.4, 0.95));
  }
}

function paintClouds(canvas: Canvas, draws: Draws, light: Light, horizon: number): void {
  const clouds = draws.whole(1, 3);
  for (let cloud = 0; cloud < clouds; cloud += 1) {
    const x = draws.between(20, WIDTH - 20);
    const base = draws.between(0.2, 0.75) * horizon;
    paintCloud(canvas, draws, x, base, Math.min(1, light.horizon + 0.06));
  }
}

/** Puffs in a row, largest in the middle, cut off at a level base. */
function paintCloud(canvas: Canvas, draws: Draws, x: number, base: number, tone: number): void {
  const size = draws.between(6, 11);
  const opacity = draws.between(0.5, 0.85);
  const puffs = [-1.5, -0.6, 0.35, 1.3].map((place) => {
    const radius = size * draws.between(0.62, 0.8) * (1.25 - 0.3 * Math.abs(place));
    return disc(x + place * size, base - 0.45 * radius, radius);
  });
  const bounds = {
    left: x - 4 * size,
    top: base - 3 * size,
    right: x + 4 * size,
    bottom: base + 2,
  };
  const distance = (px: number, py: number) =>
    Math.max(py - base, Math.min(...puffs.map((puff) => puff(px, py))));
  canvas.fill(bounds, distance, tone, opacity);
}
