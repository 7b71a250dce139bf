import { describe, expect, test } from "vitest";
import { MAX_PAGE_CHARACTERS, pageOf, placeOf } from "../../../durable-objects/recorder/page.ts";

const lines = (...texts: string[]) => texts.map((line, index) => ({ seq: 3, index, line }));

describe("a page", () => {
  test("has as many lines as are asked for, and leads to the next", () => {
    expect(pageOf(lines("a", "b", "c"), 2)).toEqual({ items: ["a", "b"], cursor: "3.2" });
    expect(placeOf("3.2")).toEqual({ ok: true, value: { seq: 3, index: 2 } });
  });

  test("is the last when nothing is left, also when it is just full", () => {
    expect(pageOf(lines("a", "b"), 2)).toEqual({ items: ["a", "b"], cursor: null });
    expect(pageOf([], 2)).toEqual({ items: [], cursor: null });
  });

  test("ends early where lines are long, and still holds one", () => {
    const long = "x".repeat(MAX_PAGE_CHARACTERS);
    expect(pageOf(lines(long, "b"), 100)).toEqual({ items: [long], cursor: "3.1" });
  });
});

test("a list begins at its start", () => {
  expect(placeOf(null)).toEqual({ ok: true, value: { seq: 0, index: 0 } });
});

test.each(["", "3", "3.", ".2", "3.2.1", "-1.0", "x.y", "3:2", "1".repeat(16)])(
  "the cursor %j was never given out",
  (cursor) => {
    expect(placeOf(cursor)).toMatchObject({ ok: false, error: { code: "invalid_cursor" } });
  },
);
