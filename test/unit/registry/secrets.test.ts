import fc from "fast-check";
import { expect, test } from "vitest";
import { firstSecret, rotateSecrets } from "../../../durable-objects/registry/secrets.ts";
import { isOpenedBy } from "../../../workers/cache/is-opened-by.ts";
import { hashOf } from "../../builders/registry.ts";

const NOW = 1_000_000;
const OVERLAP_MS = 7_200_000;

test("after a rotation both secrets open until the overlap ends, then only the new one", () => {
  const secrets = rotateSecrets(firstSecret(hashOf("a")), hashOf("b"), OVERLAP_MS, NOW);
  for (const now of [NOW, NOW + OVERLAP_MS - 1]) {
    expect(isOpenedBy(secrets, hashOf("a"), now)).toBe(true);
    expect(isOpenedBy(secrets, hashOf("b"), now)).toBe(true);
  }
  expect(isOpenedBy(secrets, hashOf("a"), NOW + OVERLAP_MS)).toBe(false);
  expect(isOpenedBy(secrets, hashOf("b"), NOW + OVERLAP_MS)).toBe(true);
});

test("an overlap of nothing ends the old secret at once", () => {
  const secrets = rotateSecrets(firstSecret(hashOf("a")), hashOf("b"), 0, NOW);
  expect(secrets).toEqual(firstSecret(hashOf("b")));
});

test("rotating again within an overlap ends the oldest", () => {
  const once = rotateSecrets(firstSecret(hashOf("a")), hashOf("b"), OVERLAP_MS, NOW);
  const twice = rotateSecrets(once, hashOf("c"), OVERLAP_MS, NOW + 1);
  expect(isOpenedBy(twice, hashOf("a"), NOW + 2)).toBe(false);
  expect(isOpenedBy(twice, hashOf("b"), NOW + 2)).toBe(true);
  expect(isOpenedBy(twice, hashOf("c"), NOW + 2)).toBe(true);
});

test("the newest secret always opens, and never more than two do", () => {
  const rotation = fc.record({
    digit: fc.constantFrom(..."abcdef0123456789"),
    overlapMs: fc.integer({ min: 0, max: 10_000 }),
    waitMs: fc.integer({ min: 0, max: 10_000 }),
  });
  fc.assert(
    fc.property(fc.array(rotation, { maxLength: 10 }), (rotations) => {
      let now = NOW;
      let secrets = firstSecret(hashOf("a"));
      for (const { digit, overlapMs, waitMs } of rotations) {
        now += waitMs;
        secrets = rotateSecrets(secrets, hashOf(digit), overlapMs, now);
        expect(isOpenedBy(secrets, hashOf(digit), now)).toBe(true);
        expect(secrets.length).toBeLessThanOrEqual(2);
      }
    }),
  );
});

test("a hash that is cut short, or empty, opens nothing", () => {
  const secrets = firstSecret(hashOf("a"));
  expect(isOpenedBy(secrets, hashOf("a").slice(1), NOW)).toBe(false);
  expect(isOpenedBy(secrets, "", NOW)).toBe(false);
  expect(isOpenedBy([], hashOf("a"), NOW)).toBe(false);
});
