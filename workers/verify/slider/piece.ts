import type { Canvas } from "./canvas.ts";
import type { Draws } from "./draws.ts";
import { BOX } from "./geometry.ts";
import type { Grain } from "./grain.ts";
import type { Cut } from "./layout.ts";
import { smooth } from "./noise.ts";
import { type Palette, shadeOf } from "./palette.ts";

/** Width of the soft edge in pixels: it belongs neither to the piece nor to the picture. */
const SOFTNESS = 1.6;
const SHADOW_REACH = 4;
const SHADOW_OPACITY = 0.4;
const SHADOW_DROP = 2;
const BEVEL_WIDTH = 4;
const RIM = 0.6;

/** How the piece's light differs from the picture's. */
interface Relight {
  readonly gain: number;
  readonly lift: number;
  readonly slopeX: number;
  readonly slopeY: number;
  readonly bevel: number;
}

/** The piece as RGBA bytes: what was in the hole under another light, with a bevel, a rim and a shadow. */
export function cutPiece(
  scene: Canvas,
  draws: Draws,
  cut: Cut,
  palette: Palette,
  grain: Grain,
): Uint8Array {
  const relight = drawRelight(draws);
  const pixels = new Uint8Array(4 * BOX * BOX);
  for (let y = 0; y < BOX; y += 1) {
    for (let x = 0; x < BOX; x += 1) {
      const distance = cut.outline.at(x, y);
      const covered = 1 - smooth(Math.min(1, Math.max(0, 0.5 + distance / SOFTNESS)));
      const shade = shadowAt(cut, x, y) * (1 - covered);
      const alpha = covered + shade;
      if (alpha <= 0) continue;
      const tone =
        relit(scene.toneAt(cut.x + x, cut.top + y), relight, x, y) +
        edgeLight(cut, relight, x, y, distance);
      const colour = shadeOf(palette, tone, grain);
      const at = 4 * (y * BOX + x);
      // The shadow is black, so that it only thins the colour.
      for (let channel = 0; channel < 3; channel += 1) {
        pixels[at + channel] = Math.round(((colour[channel] ?? 0) * covered) / alpha);
      }
      pixels[at + 3] = Math.round(255 * alpha);
    }
  }
  return pixels;
}

function drawRelight(draws: Draws): Relight {
  return {
    gain: draws.between(0.9, 1.1),
    lift: draws.between(-0.03, 0.03),
    slopeX: draws.between(-0.06, 0.06),
    slopeY: draws.between(-0.06, 0.06),
    bevel: draws.between(0.05, 0.1),
  };
}

function relit(
  tone: number,
  { gain, lift, slopeX, slopeY }: Relight,
  x: number,
  y: number,
): number {
  const across = x / BOX - 0.5;
  const down = y / BOX - 0.5;
  return 0.5 + gain * (tone - 0.5) + lift + slopeX * across + slopeY * down;
}

/** Light on the edges that face the left above, shade on the others, and a light rim all around. */
function edgeLight(
  { outline }: Cut,
  { bevel }: Relight,
  x: number,
  y: number,
  distance: number,
): number {
  const nearness = Math.min(1, Math.max(0, 1 + distance / BEVEL_WIDTH));
  if (nearness === 0) return 0;
  const facing = outline.at(x - 1, y - 1) - outline.at(x + 1, y + 1);
  return bevel * nearness * facing * 0.5 + RIM * Math.max(0, 1 - Math.abs(distance + 0.8)) * 0.5;
}

function shadowAt({ outline }: Cut, x: number, y: number): number {
  const away = Math.max(0, outline.at(x, y - SHADOW_DROP));
  return away >= SHADOW_REACH ? 0 : SHADOW_OPACITY * (1 - smooth(away / SHADOW_REACH));
}
