import type { JsonObject, JsonValue } from "@sluice/protocol";
import { InvalidArgumentError } from "commander";

/** Parses an option that must be a whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    const valid = /^\d+$/.test(text) && number >= least && number <= most;
    if (!valid) throw new InvalidArgumentError(`give a whole number from ${least} to ${most}.`);
    return number;
  };
}

/** Parses an option that must be a number over 0. */
export function positiveNumber(text: string): number {
  const number = Number(text);
  const valid = /^\d*\.?\d+$/.test(text) && number > 0 && Number.isFinite(number);
  if (!valid) throw new InvalidArgumentError("give a number over 0.");
  return number;
}

/** Parses the address of the service, which must not carry a name, password, query or fragment. */
export function serviceUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError("give an http or https address.");
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new InvalidArgumentError("give the address alone.");
  }
  return url.href.replace(/\/+$/, "");
}

/** Gathers an option that may be given several times. */
export function gathered(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/**
 * Gathers `name=value` task arguments. A value that is JSON is taken as such (`3`, `true`, `["a"]`,
 * `"3"`), any other as text, so that paths and words need no quotes.
 */
export function namedArgument(text: string, before: JsonObject | undefined): JsonObject {
  const separator = text.indexOf("=");
  if (separator < 1) throw new InvalidArgumentError("give name=value.");
  const [name, value] = [text.slice(0, separator), text.slice(separator + 1)];
  return Object.fromEntries([...Object.entries(before ?? {}), [name, jsonOrText(value)]]);
}

/** Parses all task arguments at once: a JSON object. */
export function jsonArguments(text: string): JsonObject {
  const value = jsonOrText(text);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject) throw new InvalidArgumentError("give a JSON object.");
  return value;
}

function jsonOrText(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
