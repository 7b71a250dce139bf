import { type DecodedPng, decode } from "fast-png";
import type { SliderSpec } from "../../packages/protocol/src/index.ts";

/** One channel of an image, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** What a script has of a puzzle: lightness from 0 to 255, and the piece's opacity from 0 to 1. */
export interface Puzzle {
  readonly picture: Plane;
  readonly piece: Plane;
  readonly opacity: Plane;
  readonly top: number;
  /** The first and last place where a piece may belong, as a script learns them from past puzzles. */
  readonly first: number;
  readonly last: number;
}

export function puzzleOf(spec: SliderSpec, first: number, last: number): Puzzle {
  const picture = decode(Buffer.from(spec.background, "base64"));
  const piece = decode(Buffer.from(spec.piece, "base64"));
  return {
    picture: plane(picture, lightnessAt),
    piece: plane(piece, lightnessAt),
    opacity: plane(piece, ({ data }, pixel) => (data[4 * pixel + 3] ?? 0) / 255),
    top: spec.pieceTop,
    first,
    last,
  };
}

/** A plane's value; beyond its border, that of the nearest pixel. */
export function at({ width, height, values }: Plane, x: number, y: number): number {
  const column = Math.min(width - 1, Math.max(0, x));
  const row = Math.min(height - 1, Math.max(0, y));
  return values[row * width + column] ?? 0;
}

/** How steep a plane is at each pixel (Sobel). */
export function steepness(plane: Plane): Plane {
  const values = new Float32Array(plane.values.length);
  const near = (x: number, y: number) => at(plane, x, y);
  for (let y = 0; y < plane.height; y += 1) {
    for (let x = 0; x < plane.width; x += 1) {
      const column = (dx: number) =>
        near(x + dx, y - 1) + 2 * near(x + dx, y) + near(x + dx, y + 1);
      const row = (dy: number) => near(x - 1, y + dy) + 2 * near(x, y + dy) + near(x + 1, y + dy);
      values[y * plane.width + x] = Math.hypot(column(1) - column(-1), row(1) - row(-1));
    }
  }
  return { ...plane, values };
}

/** The place where something is highest. */
export function bestPlace({ first, last }: Puzzle, score: (x: number) => number): number {
  let best = first;
  let highest = Number.NEGATIVE_INFINITY;
  for (let x = first; x <= last; x += 1) {
    const value = score(x);
    if (value > highest) [best, highest] = [x, value];
  }
  return best;
}

function plane(png: DecodedPng, valueAt: (png: DecodedPng, pixel: number) => number): Plane {
  const { width, height } = png;
  const values = Float32Array.from({ length: width * height }, (_, pixel) => valueAt(png, pixel));
  return { width, height, values };
}

function lightnessAt({ data, palette, channels }: DecodedPng, pixel: number): number {
  const [red = 0, green = 0, blue = 0] =
    palette?.[data[pixel] ?? 0] ?? data.subarray(channels * pixel, channels * pixel + 3);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
