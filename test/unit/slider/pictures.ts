import { type DecodedPng, decode } from "fast-png";
import type { SliderSpec } from "../../../packages/protocol/src/index.ts";

/** An image as a visitor's browser sees it: RGBA bytes. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

export function backgroundOf(spec: SliderSpec): Pixels {
  return pixelsOf(spec.background);
}

export function pieceOf(spec: SliderSpec): Pixels {
  return pixelsOf(spec.piece);
}

export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

/** How light a pixel is to the eye, from 0 to 255, whatever its colour (ITU-R BT.709). */
export function lightness({ width, rgba }: Pixels, x: number, y: number): number {
  const at = 4 * (y * width + x);
  return 0.2126 * (rgba[at] ?? 0) + 0.7152 * (rgba[at + 1] ?? 0) + 0.0722 * (rgba[at + 2] ?? 0);
}

export function opacity({ width, rgba }: Pixels, x: number, y: number): number {
  return (rgba[4 * (y * width + x) + 3] ?? 0) / 255;
}

function pixelsOf(base64: string): Pixels {
  const png = decode(bytesOf(base64));
  return { width: png.width, height: png.height, rgba: rgbaOf(png) };
}

function rgbaOf({ data, palette, width, height }: DecodedPng): Uint8Array {
  if (palette === undefined) return Uint8Array.from(data);
  const rgba = new Uint8Array(4 * width * height);
  data.forEach((index, pixel) => {
    rgba.set([...(palette[index] ?? []), 255].slice(0, 4), 4 * pixel);
  });
  return rgba;
}
