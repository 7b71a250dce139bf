import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  expiryOf,
  findSegment,
  optionsOf,
  type Segment,
  taskIdIn,
} from "../../../durable-objects/client/segment.ts";
import { parseTaskId } from "../../../durable-objects/client/task-id.ts";
import { aSegment, someOptions } from "../../builders/segments.ts";

describe("a segment", () => {
  it("gives all tasks its only options", () => {
    const segment = aSegment({ first: 10, count: 2 });
    expect(optionsOf(segment, 10)).toBe(segment.options[0]);
    expect(optionsOf(segment, 11)).toBe(segment.options[0]);
  });

  it("gives each task the options it was scheduled with", () => {
    const options = [someOptions({ priority: 1 }), someOptions({ priority: 9 })];
    const segment = aSegment({ first: 10, count: 3, options, optionOf: Uint16Array.of(1, 0, 1) });
    expect([10, 11, 12].map((ordinal) => optionsOf(segment, ordinal).priority)).toEqual([9, 1, 9]);
  });

  it("without options is refused", () => {
    expect(() => optionsOf(aSegment({ options: [] }), 0)).toThrow(RangeError);
  });

  it("tells when its tasks expire, and their ids", () => {
    const segment = aSegment({ first: 7, createdAt: 5_000 });
    expect(expiryOf(segment, someOptions({ ttlSeconds: 60 }))).toBe(65_000);
    expect(parseTaskId(taskIdIn(segment, 7))).toEqual({ createdAt: 5_000, ordinal: 7 });
  });
});

describe("the segment of an ordinal", () => {
  it("is found wherever it lies, and nothing is found in a gap", () => {
    const sizes = fc.array(
      fc.record({ gap: fc.nat({ max: 3 }), count: fc.integer({ min: 1, max: 5 }) }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(sizes, (runs) => {
        const segments: Segment[] = [];
        const owner: (Segment | undefined)[] = [];
        for (const { gap, count } of runs) {
          const segment = aSegment({ first: owner.length + gap, count });
          for (let n = 0; n < gap; n += 1) owner.push(undefined);
          for (let n = 0; n < count; n += 1) owner.push(segment);
          segments.push(segment);
        }
        for (const [ordinal, segment] of owner.entries()) {
          expect(findSegment(segments, ordinal)).toBe(segment);
        }
        expect(findSegment(segments, owner.length)).toBeUndefined();
      }),
    );
  });
});
