import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { memoryLimits } from "../../../scripts/memory-limits.ts";
import type { RateLimiter } from "../../../workers/env.ts";

const LIMITS = [
  { name: "KEY_LIMIT", simple: { limit: 2, period: 60 } },
  { name: "SITE_LIMIT", simple: { limit: 1, period: 10 } },
];

/** The limiters that the text makes, as the Worker gets them. */
function limitersOf(): Record<string, RateLimiter> {
  return new Function(`${memoryLimits(LIMITS)}; return limits;`)();
}

let limiters: Record<string, RateLimiter>;
beforeEach(() => {
  vi.useFakeTimers({ now: 600_000 });
  limiters = limitersOf();
});
afterEach(() => void vi.useRealTimers());

async function verdicts(name: string, keys: readonly string[]): Promise<boolean[]> {
  const answers: boolean[] = [];
  for (const key of keys) answers.push((await limiters[name]?.limit({ key }))?.success ?? false);
  return answers;
}

test("a limiter counts each key by itself, and apart from other limiters", async () => {
  expect(await verdicts("KEY_LIMIT", ["a", "a", "b", "a"])).toEqual([true, true, true, false]);
  expect(await verdicts("SITE_LIMIT", ["a", "a"])).toEqual([true, false]);
});

test("a limiter begins anew with each of its own periods", async () => {
  await verdicts("KEY_LIMIT", ["a", "a"]);
  await verdicts("SITE_LIMIT", ["a"]);
  vi.setSystemTime(610_000);
  expect(await verdicts("SITE_LIMIT", ["a"])).toEqual([true]);
  expect(await verdicts("KEY_LIMIT", ["a"])).toEqual([false]);
  vi.setSystemTime(660_000);
  expect(await verdicts("KEY_LIMIT", ["a"])).toEqual([true]);
});
