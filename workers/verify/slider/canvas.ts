import { HEIGHT, WIDTH } from "./geometry.ts";

/** Distance in pixels to a shape's edge: negative inside. */
export type Distance = (x: number, y: number) => number;

/** A rectangle of pixels; right and bottom are outside it. */
export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * A picture in tones: 0 is the darkest and 1 the lightest. It has no colours before the end, so that every
 * shape differs from its ground in lightness.
 */
export class Canvas {
  readonly tones: Float32Array;

  constructor(tones = new Float32Array(WIDTH * HEIGHT)) {
    this.tones = tones;
  }

  copy(): Canvas {
    return new Canvas(this.tones.slice());
  }

  /** The tone of the nearest pixel of the picture. */
  toneAt(x: number, y: number): number {
    const column = Math.min(WIDTH - 1, Math.max(0, Math.round(x)));
    const row = Math.min(HEIGHT - 1, Math.max(0, Math.round(y)));
    return this.tones[row * WIDTH + column] ?? 0;
  }

  /** Lays a tone over one pixel of the picture; opacity from 0 to 1. */
  lay(x: number, y: number, tone: number, opacity: number): void {
    const index = y * WIDTH + x;
    const under = this.tones[index] ?? 0;
    this.tones[index] = under + (tone - under) * opacity;
  }

  /** Lays a tone over a shape, with a smooth edge. */
  fill(bounds: Bounds, distance: Distance, tone: number, opacity = 1): void {
    this.each(bounds, (x, y) => {
      const covered = coverage(distance(x, y));
      if (covered > 0) this.lay(x, y, tone, covered * opacity);
    });
  }

  /** Visits the pixels of a rectangle that are in the picture. */
  each(bounds: Bounds, visit: (x: number, y: number) => void): void {
    const left = Math.max(0, Math.floor(bounds.left));
    const right = Math.min(WIDTH, Math.ceil(bounds.right));
    const bottom = Math.min(HEIGHT, Math.ceil(bounds.bottom));
    for (let y = Math.max(0, Math.floor(bounds.top)); y < bottom; y += 1) {
      for (let x = left; x < right; x += 1) visit(x, y);
    }
  }
}

/** The rectangle around a point. */
export function around(x: number, y: number, radius: number): Bounds {
  return { left: x - radius, top: y - radius, right: x + radius + 1, bottom: y + radius + 1 };
}

/** How much of a pixel a shape covers, from the distance of the pixel's centre. */
export function coverage(distance: number): number {
  return Math.min(1, Math.max(0, 0.5 - distance));
}

/** Distance to a circle. */
export function disc(centreX: number, centreY: number, radius: number): Distance {
  return (x, y) => Math.sqrt((x - centreX) ** 2 + (y - centreY) ** 2) - radius;
}
