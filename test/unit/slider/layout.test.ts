import { expect, test } from "vitest";
import { Draws } from "../../../workers/verify/slider/draws.ts";
import { BOX, HEIGHT, WIDTH, X_MAX, X_MIN } from "../../../workers/verify/slider/geometry.ts";
import { type Cut, drawLayout } from "../../../workers/verify/slider/layout.ts";
import { seededBytes } from "../../builders/random.ts";

const layouts = Array.from({ length: 2_000 }, (_, seed) =>
  drawLayout(new Draws(seededBytes(seed))),
);

function shape({ outline }: Cut): string {
  let text = "";
  for (let y = 0; y < BOX; y += 1) {
    for (let x = 0; x < BOX; x += 1) text += outline.at(x, y) < 0 ? "#" : ".";
  }
  return text;
}

/** The columns in which a cut is deeper than nothing. */
function span({ x, outline }: Cut): readonly [left: number, right: number] {
  const columns = Array.from({ length: BOX }, (_, column) => column).filter((column) =>
    Array.from({ length: BOX }, (_, row) => row).some((row) => outline.at(column, row) < 0),
  );
  return [x + (columns[0] ?? 0), x + (columns.at(-1) ?? 0)];
}

test("the hole is everywhere in its range, and nowhere more often than elsewhere", () => {
  const places = layouts.map(({ hole }) => hole.x);
  expect(Math.min(...places)).toBe(X_MIN);
  expect(Math.max(...places)).toBe(X_MAX);
  const middle = (X_MIN + X_MAX) / 2;
  const left = places.filter((x) => x < middle).length / places.length;
  expect(left).toBeGreaterThan(0.46);
  expect(left).toBeLessThan(0.54);
});

test("the piece at its start does not touch the hole", () => {
  expect(X_MIN).toBeGreaterThanOrEqual(BOX);
});

test("there is one decoy at least, and sometimes two", () => {
  const counts = new Set(layouts.map(({ decoys }) => decoys.length));
  expect(counts).toEqual(new Set([1, 2]));
});

test("a decoy as high as the hole has another shape", () => {
  for (const { hole, decoys } of layouts.slice(0, 300)) {
    for (const decoy of decoys) {
      const sameRow = Math.abs(decoy.top - hole.top) < 20;
      expect(shape(decoy) === shape(hole)).toBe(!sameRow);
    }
  }
});

test("holes are whole within the picture and do not touch each other", () => {
  for (const { hole, decoys } of layouts.slice(0, 300)) {
    const spans = [hole, ...decoys].map(span).sort(([a], [b]) => a - b);
    for (const [index, [left, right]] of spans.entries()) {
      expect(left).toBeGreaterThan(spans[index - 1]?.[1] ?? 0);
      expect(right).toBeLessThan(WIDTH - 1);
    }
    for (const { top } of [hole, ...decoys]) {
      expect(top).toBeGreaterThanOrEqual(0);
      expect(top + BOX).toBeLessThanOrEqual(HEIGHT);
    }
  }
});

test("the height of the piece varies", () => {
  expect(new Set(layouts.map(({ hole }) => hole.top)).size).toBeGreaterThan(80);
});
