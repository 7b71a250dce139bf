import { describe, expect, it } from "vitest";
import {
  gathered,
  jsonArguments,
  namedArgument,
  positiveNumber,
  serviceUrl,
  wholeNumber,
} from "../../../packages/cli/src/commands/option-values.ts";

describe("--arg", () => {
  it.each([
    ["path=/var/log", { path: "/var/log" }],
    ["limit=3", { limit: 3 }],
    ["recursive=true", { recursive: true }],
    ['args=["-a"]', { args: ["-a"] }],
    ['text="3"', { text: "3" }],
    ["glob=/a=b/*", { glob: "/a=b/*" }],
    ["empty=", { empty: "" }],
  ])("%s is %j", (text, args) => {
    expect(namedArgument(text, undefined)).toEqual(args);
  });

  it("may be repeated, the last of a name counts", () => {
    expect(namedArgument("a=2", namedArgument("b=1", { a: 1 }))).toEqual({ a: 2, b: 1 });
  });

  it("can name any field without touching what objects have in common", () => {
    const args = namedArgument('__proto__={"polluted":1}', undefined);
    expect(Object.keys(args)).toEqual(["__proto__"]);
    expect(JSON.stringify({ ...args })).toBe('{"__proto__":{"polluted":1}}');
  });

  it.each(["path", "=x", ""])("%j is refused", (text) => {
    expect(() => namedArgument(text, undefined)).toThrow("give name=value");
  });
});

describe("--args", () => {
  it("is a JSON object", () => {
    expect(jsonArguments('{"a":[1]}')).toEqual({ a: [1] });
  });

  it.each(["[1]", "3", "null", "{", "text"])("%s is refused", (text) => {
    expect(() => jsonArguments(text)).toThrow("give a JSON object");
  });
});

describe("numbers", () => {
  it("are whole and within their bounds", () => {
    expect(["0", "9"].map(wholeNumber(0, 9))).toEqual([0, 9]);
    for (const text of ["10", "-1", "1.5", "1e0", "", " 1", "0x1"]) {
      expect(() => wholeNumber(0, 9)(text), text).toThrow("give a whole number from 0 to 9");
    }
  });

  it("are positive where a rate is meant", () => {
    expect(["0.5", ".5", "30"].map(positiveNumber)).toEqual([0.5, 0.5, 30]);
    for (const text of ["0", "-1", "1e999", "Infinity", "x"]) {
      expect(() => positiveNumber(text), text).toThrow("give a number over 0");
    }
  });
});

describe("the address of the service", () => {
  it("is kept without a slash at the end", () => {
    expect(serviceUrl("https://sluice.example/base/")).toBe("https://sluice.example/base");
  });

  it.each([
    ["sluice.example", "http or https"],
    ["ftp://sluice.example", "http or https"],
    ["https://user:pass@sluice.example", "address alone"],
    ["https://sluice.example/?key=sk_1", "address alone"],
  ])("%s is refused", (text, reason) => {
    expect(() => serviceUrl(text)).toThrow(reason);
  });
});

it("an option that may be repeated gathers its values", () => {
  expect(gathered("b", gathered("a", undefined))).toEqual(["a", "b"]);
});
