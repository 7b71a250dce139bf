import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTaskId, taskIdOf, taskIdPrefix } from "../../../durable-objects/client/task-id.ts";

const idOf = (createdAt: number, ordinal: number) => taskIdOf(taskIdPrefix(createdAt), ordinal);
const anyTime = fc.nat({ max: 32 ** 10 - 1 });
const anyOrdinal = fc.nat({ max: 32 ** 7 - 1 });

describe("a task id", () => {
  it("tells the time and the ordinal it was made of", () => {
    fc.assert(
      fc.property(anyTime, anyOrdinal, (createdAt, ordinal) => {
        expect(parseTaskId(idOf(createdAt, ordinal))).toEqual({ createdAt, ordinal });
      }),
    );
  });

  it("sorts as text by time, then by ordinal", () => {
    const pair = fc.tuple(anyTime, anyOrdinal);
    fc.assert(
      fc.property(pair, pair, ([timeA, ordinalA], [timeB, ordinalB]) => {
        const before = timeA < timeB || (timeA === timeB && ordinalA < ordinalB);
        expect(idOf(timeA, ordinalA) < idOf(timeB, ordinalB)).toBe(before);
      }),
    );
  });

  it.each([
    "",
    "tk_",
    "tk_0",
    "cl_00000000000000000",
    "tk_0000000000000000",
    "tk_000000000000000000",
    "tk_0000000000000000w",
    "tk_0000000000000000A",
    " tk_00000000000000000",
    "tk_00000000000000000\n",
  ])("is not %j", (text) => {
    expect(parseTaskId(text)).toBeNull();
  });
});
