import { expect, test } from "vitest";
import { Draws } from "../../../workers/verify/slider/draws.ts";
import { seededGrain } from "../../../workers/verify/slider/grain.ts";
import { seededBytes } from "../../builders/random.ts";

const MANY = 4_000;

test("whole numbers take both ends of their range and every one between", () => {
  const draws = new Draws(seededBytes(1));
  const seen = new Set(Array.from({ length: MANY }, () => draws.whole(-2, 3)));
  expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
});

test("the largest bits do not leave the range", () => {
  const draws = new Draws((length) => new Uint8Array(length).fill(255));
  expect(draws.whole(0, 9)).toBe(9);
  expect(draws.between(0, 1)).toBeLessThan(1);
  expect(draws.chance(1)).toBe(true);
  expect(draws.pick(["first", "last"])).toBe("last");
});

test("more bytes are asked for when a portion is used up, and none is used twice", () => {
  let portions = 0;
  const random = seededBytes(2);
  const draws = new Draws((length) => {
    portions += 1;
    return random(length);
  });
  const drawn = Array.from({ length: 600 }, () => draws.bits());
  expect(portions).toBe(3);
  expect(new Set(drawn).size).toBe(drawn.length);
});

test("random bytes that lie within a larger buffer are read where they lie", () => {
  const buffer = new Uint8Array(4_096).fill(255);
  const draws = new Draws((length) => buffer.subarray(1_024, 1_024 + length).fill(0));
  expect(draws.bits()).toBe(0);
});

test("grain is even, and the same for the same seed", () => {
  const grain = seededGrain(new Draws(seededBytes(3)));
  const again = seededGrain(new Draws(seededBytes(3)));
  let sum = 0;
  for (let step = 0; step < MANY; step += 1) {
    const value = grain();
    expect(value).toBe(again());
    expect(value >= 0 && value < 1).toBe(true);
    sum += value;
  }
  expect(Math.abs(sum / MANY - 0.5)).toBeLessThan(0.02);
});
