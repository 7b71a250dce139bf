import { describe, expect, it } from "vitest";
import { LINE_CHARACTERS, OutputLines } from "../../../packages/cli/src/collectors/output-lines.ts";

const split = (...chunks: (string | Buffer)[]) => {
  const lines = new OutputLines();
  return [...chunks.flatMap((chunk) => lines.push(Buffer.from(chunk))), ...lines.end()];
};

describe("output of a program", () => {
  it.each([
    [["a\nb\n"], ["a", "b"]],
    [
      ["a", "b\nc"],
      ["ab", "c"],
    ],
    [
      ["a\r\nb\r", "\n"],
      ["a", "b"],
    ],
    [["\n\n"], ["", ""]],
    [[""], []],
  ])("in the chunks %j has the lines %j", (chunks, lines) => {
    expect(split(...chunks)).toEqual(lines);
  });

  it("may be cut within a character", () => {
    const bytes = Buffer.from("né\n");
    expect(split(bytes.subarray(0, 2), bytes.subarray(2))).toEqual(["né"]);
  });

  it("without line ends is cut into pieces and loses nothing", () => {
    const long = "x".repeat(3 * LINE_CHARACTERS + 1);
    const pieces = split(long.slice(0, 5_000), long.slice(5_000));
    expect(pieces.map(({ length }) => length)).toEqual([8_192, 8_192, 8_192, 1]);
    expect(split(`${long}\n`).join("")).toBe(long);
  });
});
