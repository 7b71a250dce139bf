import { around, type Canvas, disc } from "../canvas.ts";
import type { Draws } from "../draws.ts";
import { HEIGHT, WIDTH } from "../geometry.ts";
import { type Curve, wander } from "../noise.ts";
import { paintRidge } from "./ridge.ts";

/** How far a sheet's shadow reaches above its edge, and how dark it is there. */
const SHADOW_REACH = 7;
const SHADOW = 0.085;

/** Sheets of paper cut in waves, each with its shadow on the one behind, and discs on the farthest. */
export function paintWaves(canvas: Canvas, draws: Draws): void {
  const sheets = draws.whole(5, 7);
  const [back, front] = draws.pick([
    [0.95, 0.16],
    [0.3, 0.9],
  ]) as readonly [number, number];
  const tilt = draws.between(-0.22, 0.22);
  canvas.tones.fill(back);
  paintDiscs(canvas, draws, back);
  for (let sheet = 1; sheet <= sheets; sheet += 1) {
    const share = sheet / sheets;
    const wave = wander(draws, { length: draws.between(60, 110), octaves: 2, fading: 0.3 });
    const height = draws.between(12, 20);
    const level = HEIGHT * (share * 0.98 - 0.06);
    const crest = (x: number) => level + height * wave(x) + tilt * (x - WIDTH / 2);
    const tone = back + (front - back) * share;
    paintShadow(canvas, crest);
    paintRidge(canvas, { crest, tone: tone + 0.06, foot: tone, depth: 26 });
  }
}

/** Darkens what lies just above a sheet, most at its edge. */
function paintShadow(canvas: Canvas, crest: Curve): void {
  for (let x = 0; x < WIDTH; x += 1) {
    const edge = crest(x);
    const first = Math.max(0, Math.ceil(edge - SHADOW_REACH));
    for (let y = first; y < Math.min(HEIGHT, edge + 1); y += 1) {
      const nearness = 1 - Math.max(0, edge - y) / SHADOW_REACH;
      canvas.lay(x, y, canvas.toneAt(x, y) - SHADOW, nearness ** 2);
    }
  }
}

function paintDiscs(canvas: Canvas, draws: Draws, back: number): void {
  const discs = draws.whole(1, 3);
  for (let index = 0; index < discs; index += 1) {
    const x = draws.between(20, WIDTH - 20);
    const y = draws.between(5, 70);
    const radius = draws.between(12, 30);
    const tone = back > 0.5 ? back - draws.between(0.1, 0.3) : back + draws.between(0.2, 0.5);
    canvas.fill(around(x, y, radius + 1), disc(x, y, radius), tone);
  }
}
