import fc from "fast-check";
import { expect, test } from "vitest";
import { firstSecret, rotateSecrets } from "../../../durable-objects/registry/secrets.ts";
import { isOpenedBy } from "../../../workers/cache/is-opened-by.ts";
import { hashOf } from "../../builders/registry.ts";

const NOW = 1_000_000;
const OVERLAP_MS = 7_200_000;

/** What the registry is told of the secret whose hash is this digit, 64 times. */
const secretOf = (digit: string) => ({ secretHash: hashOf(digit) });

test("after a rotation both secrets open until the overlap ends, then only the new one", () => {
  const secrets = rotateSecrets(firstSecret(secretOf("a")), secretOf("b"), OVERLAP_MS, NOW);
  for (const now of [NOW, NOW + OVERLAP_MS - 1]) {
    expect(isOpenedBy(secrets, hashOf("a"), now)).toBe(true);
    expect(isOpenedBy(secrets, hashOf("b"), now)).toBe(true);
  }
  expect(isOpenedBy(secrets, hashOf("a"), NOW + OVERLAP_MS)).toBe(false);
  expect(isOpenedBy(secrets, hashOf("b"), NOW + OVERLAP_MS)).toBe(true);
});

test("an overlap of nothing ends the old secret at once", () => {
  const secrets = rotateSecrets(firstSecret(secretOf("a")), secretOf("b"), 0, NOW);
  expect(secrets).toEqual(firstSecret(secretOf("b")));
});

test("rotating again within an overlap ends the oldest", () => {
  const once = rotateSecrets(firstSecret(secretOf("a")), secretOf("b"), OVERLAP_MS, NOW);
  const twice = rotateSecrets(once, secretOf("c"), OVERLAP_MS, NOW + 1);
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
      let secrets = firstSecret(secretOf("a"));
      for (const { digit, overlapMs, waitMs } of rotations) {
        now += waitMs;
        secrets = rotateSecrets(secrets, secretOf(digit), overlapMs, now);
        expect(isOpenedBy(secrets, hashOf(digit), now)).toBe(true);
        expect(secrets.length).toBeLessThanOrEqual(2);
      }
    }),
  );
});

test("a hash that is cut short, or empty, opens nothing", () => {
  const secrets = firstSecret(secretOf("a"));
  expect(isOpenedBy(secrets, hashOf("a").slice(1), NOW)).toBe(false);
  expect(isOpenedBy(secrets, "", NOW)).toBe(false);
  expect(isOpenedBy([], hashOf("a"), NOW)).toBe(false);
});

test("a site's secret keeps its own signing state for as long as it opens", () => {
  const [a, b] = [
    { ...secretOf("a"), signing: "state a" },
    { ...secretOf("b"), signing: "state b" },
  ];
  expect(firstSecret(a)).toEqual([{ hash: hashOf("a"), untilMs: null, signing: "state a" }]);
  expect(rotateSecrets(firstSecret(a), b, OVERLAP_MS, NOW)).toEqual([
    { hash: hashOf("b"), untilMs: null, signing: "state b" },
    { hash: hashOf("a"), untilMs: NOW + OVERLAP_MS, signing: "state a" },
  ]);
});

test("a secret from before there were signing states is replaced by one that has one", () => {
  const next = { ...secretOf("b"), signing: "state b" };
  expect(rotateSecrets(firstSecret(secretOf("a")), next, OVERLAP_MS, NOW)).toEqual([
    { hash: hashOf("b"), untilMs: null, signing: "state b" },
    { hash: hashOf("a"), untilMs: NOW + OVERLAP_MS },
  ]);
});
