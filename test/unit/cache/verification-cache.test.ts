import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { KV_TIMEOUT_MS, STALENESS } from "../../../workers/cache/staleness.ts";
import { aCache, FakeKv, type Health, siteKey, siteRecord, tombstone } from "./records.ts";

const START = 1_000_000;
const UNKNOWN = { ok: false, error: "unknown" };
const UNAVAILABLE = { ok: false, error: "unavailable" };
const DELETED = { ok: false, error: "deleted" };
const KEY = siteKey();
/** How old KV's own copies may be, and within what a change is to be seen: both as the docs have it. */
const KV_COPIES_MS = 60_000;
const PROMISED_MS = 120_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A cache that has just read the site's record. */
async function warmed() {
  const kv = new FakeKv();
  kv.put(KEY, siteRecord());
  const cache = aCache(kv);
  await cache.read(KEY);
  return { kv, cache };
}

function pass(ms: number): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(ms);
}

describe("a genuine key", () => {
  test("is read from KV once, and from memory after that", async () => {
    const { kv, cache } = await warmed();
    for (let n = 0; n < 100; n++) await cache.read(KEY);
    expect(cache.peek(KEY)).toEqual({ ok: true, value: siteRecord() });
    expect(kv.reads).toHaveLength(1);
  });

  test("is read once for a thousand callers at the same time", async () => {
    const kv = new FakeKv();
    kv.latencyMs = 50;
    kv.put(KEY, siteRecord());
    const cache = aCache(kv);
    const answers = Promise.all(Array.from({ length: 1_000 }, () => cache.read(KEY)));
    await pass(50);
    expect((await answers).every((answer) => answer.ok)).toBe(true);
    expect(kv.reads).toHaveLength(1);
  });

  test("in steady use is read again before it is stale, and no caller waits for it", async () => {
    const { kv, cache } = await warmed();
    for (let second = 0; second < 180; second++) {
      expect(cache.peek(KEY), `at ${second} s`).toBeDefined();
      await pass(1_000);
    }
    expect(kv.reads).toHaveLength(4);
  });

  test("is refreshed by one read, however many ask meanwhile", async () => {
    const { kv, cache } = await warmed();
    kv.latencyMs = 500;
    await pass(STALENESS.refreshMs);
    for (let n = 0; n < 100; n++) cache.peek(KEY);
    await pass(500);
    expect(kv.reads).toHaveLength(2);
  });

  test("that KV does not hold is unknown, and asked for again after ten seconds", async () => {
    const kv = new FakeKv();
    const cache = aCache(kv);
    for (let n = 0; n < 10; n++) expect(await cache.read(KEY)).toEqual(UNKNOWN);
    expect(kv.reads).toHaveLength(1);
    kv.put(KEY, siteRecord());
    await pass(STALENESS.absenceMs);
    expect(await cache.read(KEY)).toMatchObject({ ok: true });
  });
});

describe("a change", () => {
  test("in use is seen within the freshness bound", async () => {
    const { kv, cache } = await warmed();
    kv.put(KEY, siteRecord({ version: 2, revokedAtMs: START }));
    await pass(STALENESS.freshnessMs);
    expect(await cache.read(KEY)).toMatchObject({ value: { revokedAtMs: START } });
  });

  test.each([1, 20, 44, 46, 59])(
    "is seen two minutes after its commit, KV's copies being a minute old and callers coming each %i s",
    async (everySeconds) => {
      for (const committedAfterMs of [0, 15_000, 44_999, 45_000, 59_999]) {
        const { kv, cache } = await warmed();
        const committedAt = Date.now() + committedAfterMs;
        const changed = siteRecord({ version: 2, revokedAtMs: committedAt });
        setTimeout(() => kv.put(KEY, changed), committedAfterMs + KV_COPIES_MS);
        while (Date.now() < committedAt + PROMISED_MS + 60_000) {
          await pass(everySeconds * 1_000);
          const answer = await cache.read(KEY);
          const version = Date.now() < committedAt + PROMISED_MS ? expect.any(Number) : 2;
          expect(answer).toMatchObject({ value: { version } });
        }
      }
    },
  );

  test("that deletes is remembered as such", async () => {
    const { kv, cache } = await warmed();
    kv.put(KEY, tombstone());
    await pass(STALENESS.freshnessMs);
    expect(await cache.read(KEY)).toEqual(DELETED);
    expect(cache.peek(KEY)).toEqual(DELETED);
    expect(kv.reads).toHaveLength(2);
  });

  test("is not undone by a KV that lags behind", async () => {
    const { kv, cache } = await warmed();
    kv.put(KEY, siteRecord({ version: 3 }));
    await pass(STALENESS.freshnessMs);
    await cache.read(KEY);
    kv.put(KEY, siteRecord({ version: 2 }));
    await pass(STALENESS.freshnessMs);
    expect(await cache.read(KEY)).toMatchObject({ value: { version: 3 } });
  });
});

describe.each(["down", "hanging", "corrupt"] as const)("while KV is %s", (trouble) => {
  const spoil = (kv: FakeKv) => {
    if (trouble === "corrupt") kv.values.set(KEY, '{"v":1,');
    else kv.health = trouble;
  };

  /** Reads; time goes on until the answer is there. */
  async function ask(cache: Awaited<ReturnType<typeof warmed>>["cache"]) {
    const answer = cache.read(KEY);
    await pass(KV_TIMEOUT_MS);
    return answer;
  }

  test("what is known serves until its bound, then nothing does", async () => {
    const { kv, cache } = await warmed();
    spoil(kv);
    while (Date.now() < START + STALENESS.stalenessMs - 10_000) {
      expect(await ask(cache)).toMatchObject({ ok: true });
      await pass(7_000);
    }
    await pass(START + STALENESS.stalenessMs - Date.now());
    expect(await ask(cache)).toEqual(UNAVAILABLE);
  });

  test("what is not known is unavailable: neither let in nor called wrong", async () => {
    const kv = new FakeKv();
    kv.put(KEY, siteRecord());
    spoil(kv);
    expect(await ask(aCache(kv))).toEqual(UNAVAILABLE);
  });

  test("KV is asked now and then, not by every caller", async () => {
    const { kv, cache } = await warmed();
    spoil(kv);
    await pass(STALENESS.freshnessMs);
    for (let n = 0; n < 500; n++) {
      void cache.read(KEY);
      await pass(100);
    }
    expect(kv.reads.length).toBeLessThan(15);
  });

  test("all is well again soon after KV is", async () => {
    const { kv, cache } = await warmed();
    spoil(kv);
    await pass(STALENESS.stalenessMs);
    expect(await ask(cache)).toEqual(UNAVAILABLE);
    kv.health = "up";
    kv.put(KEY, siteRecord({ version: 2 }));
    await pass(KV_TIMEOUT_MS + STALENESS.retryUnknownMs);
    expect(await ask(cache)).toMatchObject({ value: { version: 2 } });
  });
});

test("a read that comes after its callers gave up is still of use", async () => {
  const kv = new FakeKv();
  kv.put(KEY, siteRecord());
  kv.latencyMs = KV_TIMEOUT_MS + 100;
  const cache = aCache(kv);
  const answer = cache.read(KEY);
  await pass(KV_TIMEOUT_MS);
  expect(await answer).toEqual(UNAVAILABLE);
  await pass(100);
  expect(cache.peek(KEY)).toMatchObject({ ok: true });
});

test("a read that never ends is not joined for ever", async () => {
  const kv = new FakeKv();
  kv.put(KEY, siteRecord());
  kv.health = "hanging";
  const cache = aCache(kv);
  void cache.read(KEY);
  await pass(KV_TIMEOUT_MS + STALENESS.retryUnknownMs);
  kv.health = "up";
  expect(await cache.read(KEY)).toMatchObject({ ok: true });
});

test("through any flapping, an answer is never older than the bound, nor let in without a record", async () => {
  const step = fc.record({
    health: fc.constantFrom<Health>("up", "up", "down", "hanging"),
    afterMs: fc.integer({ min: 0, max: 200_000 }),
    change: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const kv = new FakeKv();
      const cache = aCache(kv);
      const currentUntil = new Map<number, number>();
      let version = 0;
      for (const { health, afterMs, change } of steps) {
        kv.health = health;
        await pass(afterMs);
        if (change) {
          currentUntil.set(version, Date.now());
          version += 1;
          kv.put(KEY, siteRecord({ version }));
        }
        const asked = cache.read(KEY);
        await pass(KV_TIMEOUT_MS);
        const answer = await asked;
        if (!answer.ok) continue;
        const replacedAt = currentUntil.get(answer.value.version) ?? Number.POSITIVE_INFINITY;
        expect(Date.now() - replacedAt).toBeLessThan(STALENESS.stalenessMs + KV_TIMEOUT_MS);
        expect(answer.value.version).toBeGreaterThan(0);
      }
    }),
    { numRuns: 100 },
  );
});

describe("warming", () => {
  test("reads a hundred keys a call and holds what is there", async () => {
    const kv = new FakeKv();
    const keys = Array.from({ length: 250 }, (_, n) => siteKey(`s${n}`));
    for (const key of keys.slice(0, 240)) kv.put(key, siteRecord());
    const cache = aCache(kv);
    expect(await cache.bulkWarm(keys)).toBe(240);
    expect(kv.reads.map((read) => read.length)).toEqual([100, 100, 50]);
    expect(keys.filter((key) => cache.peek(key)?.ok)).toHaveLength(240);
    expect(cache.peek(siteKey("s249"))).toBeUndefined();
  });

  test("with a KV that is down holds nothing and claims nothing", async () => {
    const kv = new FakeKv();
    kv.health = "down";
    const cache = aCache(kv);
    expect(await cache.bulkWarm([KEY])).toBe(0);
    expect(cache.peek(KEY)).toBeUndefined();
  });
});

test("memory is bounded by bytes; what was used longest ago is read again", async () => {
  const kv = new FakeKv();
  const keys = Array.from({ length: 50 }, (_, n) => siteKey(`s${n}`));
  for (const key of keys) kv.put(key, siteRecord());
  const cache = aCache(kv, 10_000);
  for (const key of keys) await cache.read(key);
  expect(cache.size.bytes).toBeLessThanOrEqual(10_000);
  expect(cache.size.entries).toBeGreaterThan(5);
  expect(cache.peek(siteKey("s49"))).toBeDefined();
  expect(cache.peek(siteKey("s0"))).toBeUndefined();
});
