import { type Canvas, coverage } from "./canvas.ts";
import type { Draws } from "./draws.ts";
import { BOX } from "./geometry.ts";
import type { Cut } from "./layout.ts";
import { smooth } from "./noise.ts";

/** How one hole looks. The hole and its decoys are drawn alike, so that looks tell nothing. */
interface HoleStyle {
  /** How far the hole's mean tone is from that of its surroundings. */
  readonly contrast: number;
  /** How much of the scene is seen in it: 0 is none. */
  readonly clearness: number;
  readonly shadow: number;
  readonly shadowDepth: number;
  readonly rim: number;
  readonly rimTone: number;
}

/** Where the light comes from: from the left above. */
const SHADOW_X = 2;
const SHADOW_Y = 3;
/** Surroundings are looked at this far outside the edge. */
const RING = 6;
/** Lighter surroundings only get darker holes, darker ones only lighter holes; between them either. */
const LIGHT_GROUND = 0.6;
const DARK_GROUND = 0.34;

/** Cuts every hole out of a copy of the scene. */
export function cutHoles(scene: Canvas, draws: Draws, cuts: readonly Cut[]): Canvas {
  const picture = scene.copy();
  for (const cut of cuts) cutHole(scene, picture, draws, cut);
  return picture;
}

function drawStyle(draws: Draws): HoleStyle {
  return {
    contrast: draws.between(0.17, 0.3),
    clearness: draws.between(0.25, 0.55),
    shadow: draws.between(0.08, 0.2),
    shadowDepth: draws.between(3, 6),
    rim: draws.between(0.2, 0.6),
    rimTone: draws.chance(0.5) ? 1 : 0,
  };
}

/**
 * A hole shows the scene as through a thick glass: from another place, flattened and shaded. So it does not
 * hold what the piece holds.
 */
function cutHole(scene: Canvas, picture: Canvas, draws: Draws, cut: Cut): void {
  const style = drawStyle(draws);
  const awayX = draws.sign() * draws.between(10, 24);
  const awayY = draws.sign() * draws.between(8, 18);
  const seen = (x: number, y: number) => scene.toneAt(x + awayX, y + awayY);
  const { ground, inside } = meanTones(scene, cut, seen);
  const level = ground + direction(draws, ground) * style.contrast;
  eachPixel(picture, cut, (x, y, distance) => {
    if (distance > 1) return;
    const tone = level + style.clearness * (seen(x, y) - inside) - shadowAt(cut, style, x, y);
    picture.lay(x, y, tone, coverage(distance));
    picture.lay(x, y, style.rimTone, style.rim * Math.max(0, 1 - Math.abs(distance)));
  });
}

/** The shadow of the edges that the light comes over. */
function shadowAt({ x, top, outline }: Cut, style: HoleStyle, px: number, py: number): number {
  const toLight = outline.at(px - x - SHADOW_X, py - top - SHADOW_Y);
  const depth = Math.min(1, Math.max(0, 1 + toLight / style.shadowDepth));
  return style.shadow * smooth(depth);
}

/** The mean tone around a hole, and of what is seen in it. */
function meanTones(scene: Canvas, cut: Cut, seen: (x: number, y: number) => number) {
  let ground = 0;
  let ring = 0;
  let inside = 0;
  let area = 0;
  eachPixel(scene, cut, (x, y, distance) => {
    if (distance < 0) {
      inside += seen(x, y);
      area += 1;
    } else if (distance < RING) {
      ground += scene.toneAt(x, y);
      ring += 1;
    }
  });
  return { ground: ground / ring, inside: inside / area };
}

function direction(draws: Draws, ground: number): number {
  if (ground > LIGHT_GROUND) return -1;
  return ground < DARK_GROUND ? 1 : draws.sign();
}

function eachPixel(
  canvas: Canvas,
  { x, top, outline }: Cut,
  visit: (x: number, y: number, distance: number) => void,
): void {
  canvas.each({ left: x, top, right: x + BOX, bottom: top + BOX }, (px, py) =>
    visit(px, py, outline.at(px - x, py - top)),
  );
}
