import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainJson, plainText } from "../../../packages/cli/src/output/plain-text.ts";

const ESC = "\u001b";
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not remain
const ACTIVE = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe("text from outside", () => {
  it.each([
    ["a colour", `${ESC}[31mred${ESC}[0m`, "red"],
    ["clearing the screen", `${ESC}[2J${ESC}[Hgone`, "gone"],
    ["a window title", `${ESC}]0;title\u0007text`, "text"],
    ["a link", `${ESC}]8;;http://x/\u0007click${ESC}]8;;\u0007`, "click"],
    ["an eight-bit sequence", "\u009b31mred", "red"],
    ["an escape that is not finished", `text${ESC}`, "text"],
    ["a backspace", "safe\b\b\b\bevil", "safeevil"],
    ["a bell", "ding\u0007", "ding"],
    ["line breaks", "one\r\ntwo\nthree\tfour", "one two three four"],
    ["a reversed reading order", "exe\u202egpj.txt", "exegpj.txt"],
    ["a separator of lines", "a\u2028b", "ab"],
  ])("loses %s", (_what, untrusted, printed) => {
    expect(plainText(untrusted)).toBe(printed);
  });

  it("keeps letters of any script, and symbols", () => {
    expect(plainText("naïve Ωmega 東京 → ✓ 🙂")).toBe("naïve Ωmega 東京 → ✓ 🙂");
  });

  it("never holds a character that a terminal would obey, whatever comes in", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (untrusted) => {
        expect(plainText(untrusted)).not.toMatch(ACTIVE);
      }),
    );
  });
});

describe("JSON for scripts", () => {
  it("escapes what a terminal would obey", () => {
    expect(plainJson({ a: "\u009b2J\u202e" })).toBe('{"a":"\\u009b2J\\u202e"}');
  });

  it("keeps its line breaks when it is indented", () => {
    expect(plainJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}');
  });

  it("says the same as it would without", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const printed = plainJson(value);
        expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(printed).not.toMatch(ACTIVE);
      }),
    );
  });
});
