import { describe, expect, it } from "vitest";
import {
  absolutePath,
  count,
  flag,
  readArguments,
  text,
  textList,
} from "../../../packages/cli/src/collectors/arguments.ts";

const shape = {
  path: absolutePath(),
  name: text(8),
  limit: count(100, 10),
  deep: flag(false),
  words: textList(2, 4),
};
const given = { path: "/srv", name: "logs" };

describe("arguments of a collector", () => {
  it("are read by the shape, with what is not given filled in", () => {
    expect(readArguments(given, shape)).toEqual({
      ok: true,
      value: { ...given, limit: 10, deep: false, words: [] },
    });
  });

  it.each([
    [{ name: "logs" }, 'argument "path" is missing'],
    [{ ...given, path: "srv" }, 'argument "path" must be an absolute path'],
    [{ ...given, path: "/srv\0x" }, 'argument "path" must not contain NUL'],
    [{ ...given, name: "" }, 'argument "name" must be a text that is not empty'],
    [{ ...given, name: "long-name" }, 'argument "name" is over 8 characters'],
    [{ ...given, limit: 0 }, 'argument "limit" must be a whole number from 1 to 100'],
    [{ ...given, limit: 1.5 }, 'argument "limit" must be a whole number from 1 to 100'],
    [{ ...given, limit: "7" }, 'argument "limit" must be a whole number from 1 to 100'],
    [{ ...given, deep: "yes" }, 'argument "deep" must be true or false'],
    [{ ...given, words: "ab" }, 'argument "words" must be a list of texts'],
    [{ ...given, words: ["a", 1] }, 'argument "words" must be a list of texts'],
    [{ ...given, words: ["a", "b", "c"] }, 'argument "words" has more than 2 entries'],
    [{ ...given, words: ["abcde"] }, 'argument "words" has an entry with NUL or over 4 characters'],
  ])("%j are refused: %s", (args, error) => {
    expect(readArguments(args, shape)).toEqual({ ok: false, error });
  });

  it("that the collector does not know are refused, with those that it does", () => {
    expect(readArguments({ ...given, depth: 3 }, shape)).toEqual({
      ok: false,
      error: 'unknown argument "depth"; it takes path, name, limit, deep, words',
    });
  });

  it("are not taken from the prototype of all objects", () => {
    expect(readArguments({}, { constructor: flag(false) })).toEqual({
      ok: true,
      value: { constructor: false },
    });
  });
});
