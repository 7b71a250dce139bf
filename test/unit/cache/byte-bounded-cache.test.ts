import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteBoundedCache } from "../../../workers/cache/byte-bounded-cache.ts";

const MAX_BYTES = 100;

interface Value {
  readonly name: string;
  readonly bytes: number;
  used: boolean;
}

const value = (bytes: number, name = ""): Value => ({ name, bytes, used: false });

const KEY = fc.constantFrom("a", "b", "c", "d", "e", "f");
const STEPS = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("get" as const), key: KEY }),
    fc.record({ do: fc.constant("delete" as const), key: KEY }),
    fc.record({
      do: fc.constant("set" as const),
      key: KEY,
      name: fc.string(),
      bytes: fc.integer({ min: 1, max: 120 }),
    }),
  ),
  { maxLength: 80 },
);

describe("a cache bounded by bytes", () => {
  test("never exceeds its bound, and never gives back anything but what was set last", () => {
    fc.assert(
      fc.property(STEPS, (steps) => {
        const cache = new ByteBoundedCache<Value>(MAX_BYTES);
        const latest = new Map<string, string>();
        for (const step of steps) {
          if (step.do === "set") {
            cache.set(step.key, value(step.bytes, step.name));
            if (step.bytes <= MAX_BYTES) latest.set(step.key, step.name);
            else latest.delete(step.key);
          } else if (step.do === "delete") {
            cache.delete(step.key);
            latest.delete(step.key);
          } else {
            const found = cache.get(step.key);
            if (found !== undefined) expect(found.name).toBe(latest.get(step.key));
          }
          const kept = [...cache.keys()].map((key) => cache.get(key)?.bytes ?? 0);
          expect(cache.bytes).toBe(kept.reduce((sum, bytes) => sum + bytes, 0));
          expect(cache.bytes).toBeLessThanOrEqual(MAX_BYTES);
          expect(cache.size).toBe(kept.length);
        }
      }),
    );
  });

  test("keeps what is asked for, however much passes through", () => {
    const cache = new ByteBoundedCache<Value>(MAX_BYTES);
    cache.set("kept", value(10));
    for (let other = 0; other < 1_000; other += 1) {
      cache.set(`other ${other}`, value(10));
      expect(cache.get("kept")).toBeDefined();
    }
    expect(cache.size).toBe(10);
  });

  test("drops first what came first and was not asked for", () => {
    const cache = new ByteBoundedCache<Value>(MAX_BYTES);
    for (const key of ["first", "second", "third"]) cache.set(key, value(33));
    cache.get("first");
    cache.set("fourth", value(33));
    expect([...cache.keys()]).toEqual(["first", "third", "fourth"]);
  });

  test("goes on where it last looked for room, so that a mark counts for one round", () => {
    const cache = new ByteBoundedCache<Value>(MAX_BYTES);
    for (const key of ["first", "second", "third"]) cache.set(key, value(33));
    for (const key of ["first", "second", "third"]) cache.get(key);
    cache.set("fourth", value(33));
    expect([...cache.keys()]).toEqual(["second", "third", "fourth"]);
    cache.get("second");
    cache.set("fifth", value(33));
    expect([...cache.keys()]).toEqual(["second", "fourth", "fifth"]);
  });

  test("makes room for a value that needs that of all others", () => {
    const cache = new ByteBoundedCache<Value>(MAX_BYTES);
    for (const key of ["first", "second", "third"]) cache.set(key, value(33));
    for (const key of cache.keys()) cache.get(key);
    cache.set("large", value(MAX_BYTES));
    expect([...cache.keys()]).toEqual(["large"]);
  });

  test("does not keep a value larger than the whole bound, and drops nothing for it", () => {
    const cache = new ByteBoundedCache<Value>(MAX_BYTES);
    cache.set("small", value(50));
    cache.set("large", value(MAX_BYTES + 1));
    expect([...cache.keys()]).toEqual(["small"]);
  });
});
