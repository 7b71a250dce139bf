import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addRow,
  emptyPart,
  MAX_ROW_BYTES,
  utf8Bytes,
} from "../../../packages/sdk/src/client/row-part.ts";

/** `depth` objects, one in the other. */
function nested(depth: number): unknown {
  return depth === 0 ? 1 : { in: nested(depth - 1) };
}

describe("rows", () => {
  it("are copied, so that a handler may go on changing its own", () => {
    const part = emptyPart();
    const row = { count: 1, at: new Date(0), gone: undefined };
    addRow(part, row);
    row.count = 2;
    expect(part.rows).toEqual([{ count: 1, at: "1970-01-01T00:00:00.000Z" }]);
  });

  it("fill a part at a thousand rows", () => {
    const part = emptyPart();
    for (let row = 0; row < 999; row++) expect(addRow(part, row)).toBe(false);
    expect(addRow(part, 999)).toBe(true);
  });

  it("fill a part at its size", () => {
    const part = emptyPart();
    expect(addRow(part, "x".repeat(100_000))).toBe(false);
    expect(addRow(part, "x".repeat(100_000))).toBe(true);
  });

  it("may be as large as the bound and no larger, in bytes and not in characters", () => {
    const quotes = 2;
    expect(() => addRow(emptyPart(), "x".repeat(MAX_ROW_BYTES - quotes))).not.toThrow();
    expect(() => addRow(emptyPart(), "ä".repeat(MAX_ROW_BYTES / 2))).toThrow(/may have/);
  });

  it("may nest as deep as the wire carries and no deeper", () => {
    expect(() => addRow(emptyPart(), nested(32))).not.toThrow();
    expect(() => addRow(emptyPart(), nested(33))).toThrow(/nest/);
  });

  it.each([
    ["undefined", undefined],
    ["a function", () => 1],
    ["a BigInt", 1n],
    ["what throws when it is read", { toJSON: () => JSON.parse("secret") }],
  ])("must be JSON values: %s", (_, row) => {
    const part = emptyPart();
    expect(() => addRow(part, row)).toThrow("a row must be a JSON value");
    expect(part).toEqual(emptyPart());
  });

  it("must not be cyclic", () => {
    const row: { self?: unknown } = {};
    row.self = row;
    expect(() => addRow(emptyPart(), row)).toThrow("a row must be a JSON value");
  });
});

describe("utf8Bytes", () => {
  it("counts as an encoder does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(utf8Bytes(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });
});
