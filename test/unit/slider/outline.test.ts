import { expect, test } from "vitest";
import { Draws } from "../../../workers/verify/slider/draws.ts";
import { BODY, BOX } from "../../../workers/verify/slider/geometry.ts";
import {
  drawJigsaw,
  drawOtherShape,
  drawSides,
  type Outline,
  opposite,
} from "../../../workers/verify/slider/outline.ts";
import { seededBytes } from "../../builders/random.ts";

const SEEDS = Array.from({ length: 300 }, (_, seed) => seed);
const jigsaws = SEEDS.map((seed) => {
  const draws = new Draws(seededBytes(seed));
  return drawJigsaw(draws, drawSides(draws));
});
const others = SEEDS.map((seed) => drawOtherShape(new Draws(seededBytes(seed))));

function area(outline: Outline): number {
  let area = 0;
  for (let y = 0; y < BOX; y += 1) {
    for (let x = 0; x < BOX; x += 1) area += outline.at(x, y) < 0 ? 1 : 0;
  }
  return area;
}

function isInside(outline: Outline): string {
  return Array.from({ length: BOX * BOX }, (_, pixel) =>
    outline.at(pixel % BOX, Math.floor(pixel / BOX)) < 0 ? "#" : ".",
  ).join("");
}

test("no two pieces are the same", () => {
  expect(new Set(jigsaws.map(isInside)).size).toBe(SEEDS.length);
});

test("a piece is no plain square: it has tabs or dents on two sides at least", () => {
  for (const outline of jigsaws) {
    const deviation = Math.abs(area(outline) - (BODY * BODY - 21));
    const middles = [
      outline.at(30, 12),
      outline.at(48, 30),
      outline.at(30, 48),
      outline.at(12, 30),
    ];
    // In the middle of a straight side, 1.5 pixels within it, the distance is that to the side.
    const cut = middles.filter((distance) => Math.abs(distance + 1.5) > 0.01);
    expect(cut.length, `area off by ${deviation}`).toBeGreaterThanOrEqual(2);
  }
});

test("no side of the opposite piece is as the piece's own", () => {
  for (const seed of SEEDS) {
    const sides = drawSides(new Draws(seededBytes(seed)));
    opposite(sides).forEach((side, turn) => {
      expect(side).not.toBe(sides[turn]);
    });
  }
});

test("a shape leaves a margin of its box empty, for its shadow", () => {
  for (const outline of [...jigsaws, ...others]) {
    const margin = Array.from({ length: BOX }, (_, along) => [
      outline.at(along, 1),
      outline.at(along, BOX - 2),
      outline.at(1, along),
      outline.at(BOX - 2, along),
    ]);
    expect(Math.min(...margin.flat())).toBeGreaterThan(0);
  }
});

test("other shapes are about as large as a piece", () => {
  const pieces = jigsaws.map(area);
  for (const outline of others) {
    expect(area(outline)).toBeGreaterThan(0.9 * Math.min(...pieces));
    expect(area(outline)).toBeLessThan(1.1 * Math.max(...pieces));
  }
});

test("beyond its box an outline goes on as at its edge", () => {
  for (const outline of jigsaws.slice(0, 5)) {
    expect(outline.at(-3, 10)).toBe(outline.at(0, 10));
    expect(outline.at(10, BOX + 3)).toBe(outline.at(10, BOX - 1));
  }
});
