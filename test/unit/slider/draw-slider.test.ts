import { expect, test } from "vitest";
import { BOX, HEIGHT, WIDTH } from "../../../workers/verify/slider/geometry.ts";
import { drawSlider } from "../../../workers/verify/slider/index.ts";
import { seededBytes } from "../../builders/random.ts";
import { backgroundOf, bytesOf, lightness, opacity, pieceOf } from "./pictures.ts";

const MAX_BYTES = 25_000;
const drawings = Array.from({ length: 300 }, (_, seed) => drawSlider(seededBytes(seed)));

test("the same random bytes draw the same puzzle, others another", () => {
  expect(drawSlider(seededBytes(7))).toEqual(drawings[7]);
  expect(new Set(drawings.map(({ spec }) => spec.background)).size).toBe(drawings.length);
  expect(new Set(drawings.map(({ spec }) => spec.piece)).size).toBe(drawings.length);
});

test("both images are PNGs of the stated size", () => {
  for (const { spec } of drawings.slice(0, 40)) {
    expect(backgroundOf(spec)).toMatchObject({ width: WIDTH, height: HEIGHT });
    expect(pieceOf(spec)).toMatchObject({ width: BOX, height: BOX });
    expect(spec).toMatchObject({
      mediaType: "image/png",
      width: WIDTH,
      height: HEIGHT,
      pieceWidth: BOX,
      pieceHeight: BOX,
    });
  }
});

test("the images are base64 with the standard alphabet and small", () => {
  for (const { spec } of drawings) {
    for (const text of [spec.background, spec.piece]) {
      expect(text).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
      expect(text.length % 4).toBe(0);
    }
    expect(bytesOf(spec.background).length + bytesOf(spec.piece).length).toBeLessThan(MAX_BYTES);
  }
});

test("nothing but the pictures tells where the hole is", () => {
  const { spec } = drawSlider(seededBytes(1));
  const { background, piece, ...rest } = spec;
  const heights = new Set<number>();
  for (const { spec: other } of drawings) {
    const { background: _, piece: __, pieceTop, ...same } = other;
    heights.add(pieceTop);
    expect({ ...same, pieceTop: rest.pieceTop }).toEqual(rest);
  }
  expect(heights.size).toBeGreaterThan(30);
});

test("the piece is opaque in its middle and clear at its corners", () => {
  for (const { spec } of drawings.slice(0, 40)) {
    const piece = pieceOf(spec);
    expect(opacity(piece, BOX / 2, BOX / 2)).toBe(1);
    for (const corner of [0, BOX - 1]) expect(opacity(piece, corner, corner)).toBe(0);
  }
});

test("the piece is what is missing: around its edge it goes on as the picture does", () => {
  const some = drawings.slice(0, 100);
  const gaps = some.map(({ spec, x }) => seam(spec, x));
  const elsewhere = some.map(({ spec, x }) => seam(spec, x < 160 ? x + 90 : x - 90));
  expect(mean(gaps)).toBeLessThan(0.6 * mean(elsewhere));
});

/** How far the lightness of the piece just inside its edge is from that of the picture just outside it. */
function seam(spec: (typeof drawings)[number]["spec"], x: number): number {
  const picture = backgroundOf(spec);
  const piece = pieceOf(spec);
  const steps: number[] = [];
  for (let row = 0; row < BOX; row += 1) {
    const opaque = Array.from({ length: BOX }, (_, column) => column).filter(
      (column) => opacity(piece, column, row) > 0.99,
    );
    const [first, last] = [opaque[0], opaque.at(-1)];
    if (first === undefined || last === undefined) continue;
    for (const [inside, outside] of [
      [first + 5, first - 6],
      [last - 5, last + 6],
    ] as const) {
      const outsideX = Math.min(WIDTH - 1, x + outside);
      const beside = lightness(picture, outsideX, spec.pieceTop + row);
      steps.push(Math.abs(lightness(piece, inside, row) - beside));
    }
  }
  return mean(steps);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
