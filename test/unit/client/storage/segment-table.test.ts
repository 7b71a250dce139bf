import { describe, expect, it } from "vitest";
import type { Segment } from "../../../../durable-objects/client/segment.ts";
import { clientStorage } from "../../../builders/client-storage.ts";
import { aSegment, someOptions } from "../../../builders/segments.ts";

const firstsOf = (segments: Iterable<Segment>) => [...segments].map(({ first }) => first);

/** Segments of three tasks each, the second with keys. */
function threeSegments() {
  const { segments } = clientStorage();
  for (const first of [0, 3, 6]) {
    const keys = first === 3 ? ["a", null, "b"] : null;
    segments.save(aSegment({ first, count: 3 }), {
      lines: `${first}\n${first + 1}\n${first + 2}`,
      keys,
    });
  }
  return segments;
}

describe("the stored segments", () => {
  it("come back as they were", () => {
    const { segments } = clientStorage();
    const segment = aSegment({
      first: 5,
      count: 2,
      createdAt: 7,
      bytes: 11,
      options: [someOptions(), someOptions({ priority: 9, fairnessKey: "x" })],
      optionOf: Uint16Array.of(1, 0),
      parent: 4,
    });
    segments.save(segment, { lines: "one\ntwo", keys: null });
    expect(segments.at(6)).toEqual(segment);
    expect([segments.lines(segment), segments.keys(segment)]).toEqual([["one", "two"], null]);
  });

  it("are found by any ordinal in them, and by no other", () => {
    const segments = threeSegments();
    expect([0, 2, 3, 8].map((ordinal) => segments.at(ordinal)?.first)).toEqual([0, 0, 3, 6]);
    expect([-1, 9].map((ordinal) => segments.at(ordinal))).toEqual([null, null]);
    segments.eraseBelow(3);
    expect(segments.at(2)).toBeNull();
  });

  it("are given from an ordinal on, with the one that holds it", () => {
    expect([0, 2, 3, 9].map((ordinal) => firstsOf(threeSegments().from(ordinal)))).toEqual([
      [0, 3, 6],
      [0, 3, 6],
      [3, 6],
      [],
    ]);
  });

  it("are given newest first before an ordinal", () => {
    expect(firstsOf(threeSegments().before(6))).toEqual([3, 0]);
    expect(firstsOf(threeSegments().before(0))).toEqual([]);
  });

  it("may be erased but for the newest, from which the ordinals go on", () => {
    const segments = threeSegments();
    expect(firstsOf(segments.toErase())).toEqual([0, 3]);
    segments.eraseBelow(6);
    expect(firstsOf(segments.toErase())).toEqual([]);
    expect([segments.oldest(), segments.next()]).toEqual([6, 9]);
  });

  it("begin with the ordinal 0", () => {
    const { segments } = clientStorage();
    expect([segments.oldest(), segments.next()]).toEqual([0, 0]);
  });

  it("know their keys with the ordinals of their tasks", () => {
    const segments = threeSegments();
    expect([...segments.keysNewestFirst(100)]).toEqual([
      { key: "a", ordinal: 3 },
      { key: "b", ordinal: 5 },
    ]);
    expect(segments.keys(aSegment({ first: 3 }))).toEqual(["a", null, "b"]);
  });

  it("give no keys of older segments once enough were given", () => {
    const segments = threeSegments();
    segments.save(aSegment({ first: 9, count: 2 }), { lines: "9\n10", keys: ["c", "d"] });
    const keys = [...segments.keysNewestFirst(1)].map(({ key }) => key);
    expect(keys).toEqual(["c", "d"]);
  });
});
