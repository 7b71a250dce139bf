import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { resultTable } from "../../../packages/cli/src/output/result-rows.ts";
import { type Column, table, truncate } from "../../../packages/cli/src/output/table.ts";

interface File {
  readonly name: string;
  readonly size: number | null;
}
const columns: readonly Column<File>[] = [
  { title: "NAME", cell: ({ name }) => name },
  { title: "SIZE", cell: ({ size }) => size, align: "right" },
];

describe("a table", () => {
  it("has columns as wide as their content, numbers to the right", () => {
    const rows = [
      { name: "a", size: 1 },
      { name: "longer", size: 12_345 },
    ];
    expect(table(columns, rows, 80)).toEqual([
      "NAME     SIZE", //
      "a           1",
      "longer  12345",
    ]);
  });

  it("of nothing is its heading", () => {
    expect(table(columns, [], 80)).toEqual(["NAME  SIZE"]);
  });

  it("leaves a cell without a value empty", () => {
    expect(table(columns, [{ name: "a", size: null }], 80)[1]).toBe("a");
  });

  it("takes width from the widest column where the terminal is narrow", () => {
    const lines = table(columns, [{ name: "x".repeat(50), size: 123 }], 20);
    expect(lines[1]).toBe(`${"x".repeat(13)}…   123`);
    expect(lines.every((line) => line.length <= 20)).toBe(true);
  });

  it("aligns characters that take two columns", () => {
    const rows = [
      { name: "東京", size: 1 },
      { name: "abcd", size: 2 },
    ];
    const [, first = "", second = ""] = table(columns, rows, 80);
    expect(stringWidth(first)).toBe(stringWidth(second));
  });

  it("prints cells without what a terminal would obey, so that no row can pose as two", () => {
    const [, ...lines] = table(columns, [{ name: "\u001b[2Ja\nb", size: 1 }], 80);
    expect(lines).toEqual(["a b      1"]);
  });

  it("cuts nothing where the width is infinite; a very long cell pushes its own line only", () => {
    const long = "x".repeat(100);
    const rows = [
      { name: long, size: 1 },
      { name: "b", size: 2 },
    ];
    const [, first, second] = table(columns, rows, Number.POSITIVE_INFINITY);
    expect(first).toBe(`${long}     1`);
    expect(second).toBe(`${"b".padEnd(60)}     2`);
  });

  it("paints a cell after it was cut and padded", () => {
    const painted: Column<File>[] = [
      { title: "NAME", cell: ({ name }) => name, paint: (padded) => `<${padded}>` },
    ];
    expect(table(painted, [{ name: "ab", size: 0 }], 80)).toEqual(["NAME", "<ab  >"]);
  });
});

describe("text that is cut", () => {
  it.each([
    ["short", 10, "short"],
    ["exactly", 7, "exactly"],
    ["too long", 5, "too …"],
    ["東京都", 4, "東…"],
    ["👩‍👩‍👧x", 2, "…"],
  ])("%s to %i columns is %s", (text, width, cut) => {
    expect(truncate(text, width)).toBe(cut);
  });
});

describe("result rows", () => {
  it("have the fields of all rows as columns", () => {
    expect(
      resultTable(
        [
          { path: "/a", size: 3 },
          { path: "/b", error: "EACCES" },
        ],
        80,
      ),
    ).toEqual(["PATH  SIZE  ERROR", "/a       3", "/b          EACCES"]);
  });

  it("show what is nested as JSON", () => {
    expect(resultTable([{ cpus: { count: 2 } }], 80)).toEqual(["CPUS", '{"count":2}']);
  });

  it("have headings of words, which a client cannot use to steer the terminal either", () => {
    expect(resultTable([{ memoryBytes: 1, "\u001b[2Jx\n": 2 }], 80)[0]).toBe("MEMORY BYTES  X");
  });

  it("that are no objects are written as JSON, one a line", () => {
    expect(resultTable(["a", 1, null], 80)).toEqual(['"a"', "1", "null"]);
  });

  it("with very many fields have the last of them in one column", () => {
    const row = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`f${index}`, index]));
    expect(resultTable([row], 200)[1]).toMatch(/ 11 {2}f12=12 f13=13$/);
  });

  it("may have fields named like those of every object", () => {
    expect(resultTable([{ toString: "x" }, { a: 1 }], 80)[2]).toBe("           1");
  });
});
