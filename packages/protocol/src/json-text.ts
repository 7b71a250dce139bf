import { fail, ok, type Result } from "./result.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Most bytes that one UTF-16 unit takes in UTF-8. */
const UTF8_BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();

/** Whether a text takes more than `limit` bytes in UTF-8. Encodes it only when its length leaves doubt. */
export function exceedsBytes(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  if (text.length * UTF8_BYTES_PER_UNIT <= limit) return false;
  return encoder.encode(text).length > limit;
}

/**
 * Whether JSON text nests deeper than `limit` brackets. One pass over the text, before any parser builds
 * a value from it; a text that is not JSON may get either answer.
 */
export function nestsDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === QUOTE) {
      index = closingQuote(text, index);
      if (index < 0) return false;
    } else if (unit === OPEN_OBJECT || unit === OPEN_LIST) {
      depth++;
      if (depth > limit) return true;
    } else if (unit === CLOSE_OBJECT || unit === CLOSE_LIST) {
      depth--;
    }
  }
  return false;
}

/** Index of the quote that ends the string opened at `open`, or -1. */
function closingQuote(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close >= 0 && isEscaped(text, close, open)) close = text.indexOf('"', close + 1);
  return close;
}

/** Whether an odd number of backslashes stands before `index`, counted back to `start` at most. */
function isEscaped(text: string, index: number, start: number): boolean {
  let before = index - 1;
  while (before > start && text.charCodeAt(before) === BACKSLASH) before--;
  return (index - 1 - before) % 2 === 1;
}

/** Parses JSON of at most `depth` nested brackets. The failure says which of the two was wrong. */
export function parseJson(text: string, depth: number): Result<unknown, "not_json" | "too_deep"> {
  if (nestsDeeperThan(text, depth)) return fail("too_deep");
  try {
    return ok(JSON.parse(text));
  } catch {
    return fail("not_json");
  }
}
