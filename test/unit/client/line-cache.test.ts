import { describe, expect, it, vi } from "vitest";
import { LineCache } from "../../../durable-objects/client/line-cache.ts";
import type { Segment } from "../../../durable-objects/client/segment.ts";
import { aSegment } from "../../builders/segments.ts";

const MEBIBYTE = 1024 * 1024;
const stored = (segment: Segment) =>
  Array.from({ length: segment.count }, (_, n) => `stored ${segment.first + n}`);
const aCache = () => {
  const load = vi.fn(stored);
  return { load, cache: new LineCache(load) };
};

describe("the texts of tasks about to be sent", () => {
  it("come from memory when they were put there", () => {
    const { load, cache } = aCache();
    cache.put(aSegment({ first: 5, count: 2 }), ["one", "two"]);
    expect(cache.line(aSegment({ first: 5, count: 2 }), 6)).toBe("two");
    expect(load).not.toHaveBeenCalled();
  });

  it("are read from the store once a segment", () => {
    const { load, cache } = aCache();
    const segment = aSegment({ first: 5, count: 2 });
    expect([5, 6].map((ordinal) => cache.line(segment, ordinal))).toEqual(["stored 5", "stored 6"]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("are read again after they were dropped", () => {
    const { load, cache } = aCache();
    const segment = aSegment();
    cache.put(segment, ["put"]);
    cache.drop(0);
    expect(cache.line(segment, 0)).toBe("stored 0");
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("are bounded in bytes: the oldest leave first", () => {
    const { load, cache } = aCache();
    const segments = Array.from({ length: 5 }, (_, n) =>
      aSegment({ first: n, bytes: 4 * MEBIBYTE }),
    );
    for (const segment of segments) cache.put(segment, [`put ${segment.first}`]);
    const newestFirst = [...segments].reverse();
    expect(newestFirst.map((segment) => cache.line(segment, segment.first))).toEqual([
      "put 4",
      "put 3",
      "put 2",
      "put 1",
      "stored 0",
    ]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("of a giant segment are not kept at all", () => {
    const { load, cache } = aCache();
    const giant = aSegment({ bytes: 9 * MEBIBYTE });
    cache.line(giant, 0);
    cache.line(giant, 0);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("of an ordinal that the segment lacks are empty", () => {
    expect(aCache().cache.line(aSegment(), 3)).toBe("");
  });
});
