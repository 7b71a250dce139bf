import { expect, test } from "vitest";
import { TokenBucket } from "../harness/token-bucket.ts";

test("a full bucket lets its burst through and then counts trips", () => {
  const bucket = new TokenBucket(3, 1, 0);
  for (let frame = 0; frame < 5; frame++) bucket.take(0);
  expect(bucket.trips).toBe(2);
});

test("tokens come back with time, never beyond the burst", () => {
  const bucket = new TokenBucket(2, 0.5, 0);
  bucket.take(0);
  bucket.take(0);
  expect(bucket.tokens(1_999)).toBe(0);
  expect(bucket.tokens(2_000)).toBe(1);
  expect(bucket.tokens(60_000)).toBe(2);
});

test("asking for the tokens left does not round away what has come back", () => {
  const bucket = new TokenBucket(1, 1, 0);
  bucket.take(0);
  for (let at = 100; at < 1_000; at += 100) expect(bucket.tokens(at)).toBe(0);
  expect(bucket.tokens(1_001)).toBe(1);
});
