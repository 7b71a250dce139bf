import { describe, expect, it, vi } from "vitest";
import { KeyIndex } from "../../../durable-objects/client/key-index.ts";

/** An index over these stored keys, newest first as the store gives them. */
const over = (...stored: readonly [string, number][]) => {
  const load = vi.fn(() => stored.map(([key, ordinal]) => ({ key, ordinal })));
  return { load, index: new KeyIndex(load) };
};

describe("the index of idempotency keys", () => {
  it("is read from the store once, at its first use", () => {
    const { load, index } = over(["a", 1]);
    expect(load).not.toHaveBeenCalled();
    expect(index.find("a")).toBe(1);
    expect(index.find("b")).toBeUndefined();
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("knows the newest task of a key that was used again", () => {
    const { index } = over(["a", 9], ["a", 1]);
    expect(index.find("a")).toBe(9);
  });

  it("remembers what is added", () => {
    const { index } = over();
    index.remember("a", 4);
    expect(index.find("a")).toBe(4);
  });

  it("is read anew when tasks were erased", () => {
    const { load, index } = over(["a", 1]);
    index.find("a");
    index.forget();
    load.mockReturnValue([]);
    expect(index.find("a")).toBeUndefined();
  });

  it("is bounded: the oldest keys go first", () => {
    const { index } = over();
    const bound = 100_000;
    for (let n = 0; n <= bound; n += 1) index.remember(`key ${n}`, n);
    expect(index.find("key 0")).toBeUndefined();
    expect(index.find("key 1")).toBe(1);
    expect(index.find(`key ${bound}`)).toBe(bound);
  });
});
