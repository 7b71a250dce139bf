import { around, type Canvas, disc } from "../canvas.ts";
import type { Draws } from "../draws.ts";
import { HEIGHT, WIDTH } from "../geometry.ts";
import { type Curve, wander } from "../noise.ts";
import { paintRidge } from "./ridge.ts";

/** How far above a sheet its shadow falls, and how dark each of its layers is. */
const SHADOW_LIFTS = [4, 2.5, 1];
const SHADOW_OPACITY = 0.22;

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
    for (const lift of SHADOW_LIFTS) paintShadow(canvas, crest, lift);
    paintRidge(canvas, { crest, tone, foot: tone + 0.05, depth: 30 });
  }
}

/** Darkens what lies just above a sheet. */
function paintShadow(canvas: Canvas, crest: Curve, lift: number): void {
  for (let x = 0; x < WIDTH; x += 1) {
    const first = Math.max(0, Math.floor(crest(x) - lift));
    for (let y = first; y < Math.min(HEIGHT, first + 5); y += 1) {
      canvas.lay(x, y, canvas.toneAt(x, y) - 0.3, SHADOW_OPACITY);
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
