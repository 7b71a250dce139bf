import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteBoundedLru } from "../../../workers/cache/byte-bounded-lru.ts";

const MAX_BYTES = 100;

/** The same, in the plainest way: a list in order of use, newest first. */
class Model {
  entries: { key: string; value: number; bytes: number }[] = [];

  get(key: string): number | undefined {
    const entry = this.entries.find((candidate) => candidate.key === key);
    if (entry === undefined) return undefined;
    this.entries = [entry, ...this.entries.filter((other) => other !== entry)];
    return entry.value;
  }

  set(key: string, value: number, bytes: number): void {
    this.delete(key);
    if (bytes > MAX_BYTES) return;
    this.entries.unshift({ key, value, bytes });
    while (this.bytes > MAX_BYTES) this.entries.pop();
  }

  delete(key: string): void {
    this.entries = this.entries.filter((entry) => entry.key !== key);
  }

  get bytes(): number {
    return this.entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

test("behaves as a list in order of use that is cut off at the bound", () => {
  const key = fc.constantFrom("a", "b", "c", "d", "e", "f");
  const step = fc.oneof(
    fc.record({ do: fc.constant("get" as const), key }),
    fc.record({ do: fc.constant("delete" as const), key }),
    fc.record({
      do: fc.constant("set" as const),
      key,
      value: fc.nat(),
      bytes: fc.integer({ min: 1, max: 120 }),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const [lru, model] = [new ByteBoundedLru<number>(MAX_BYTES), new Model()];
      for (const played of steps) {
        if (played.do === "get") expect(lru.get(played.key)).toBe(model.get(played.key));
        else if (played.do === "delete") {
          lru.delete(played.key);
          model.delete(played.key);
        } else {
          lru.set(played.key, played.value, played.bytes);
          model.set(played.key, played.value, played.bytes);
        }
        expect([...lru.keys()]).toEqual(model.entries.map((entry) => entry.key));
        expect(lru.bytes).toBe(model.bytes);
        expect(lru.size).toBe(model.entries.length);
      }
    }),
  );
});

test("a value larger than the whole bound is not kept, and drives out nothing", () => {
  const lru = new ByteBoundedLru<string>(MAX_BYTES);
  lru.set("small", "s", 50);
  lru.set("large", "l", MAX_BYTES + 1);
  expect([...lru.keys()]).toEqual(["small"]);
});
