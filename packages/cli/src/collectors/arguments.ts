import { isAbsolute } from "node:path";
import { fail, type JsonObject, type JsonValue, ok, type Result } from "@sluice/protocol";

/** Reads one argument; `undefined` means that it was not given. */
export type Argument<Value> = (given: JsonValue | undefined) => Result<Value, string>;

type Values<Shape> = {
  readonly [Name in keyof Shape]: Shape[Name] extends Argument<infer Value> ? Value : never;
};

/**
 * Reads `args` by `shape`, argument by argument. Fails with a sentence that names the first argument
 * that is wrong; an argument that the shape does not know is wrong too, so that a typing error is seen.
 */
export function readArguments<Shape extends Readonly<Record<string, Argument<unknown>>>>(
  args: JsonObject,
  shape: Shape,
): Result<Values<Shape>, string> {
  const stranger = Object.keys(args).find((name) => !Object.hasOwn(shape, name));
  if (stranger !== undefined) return fail(unknownArgument(stranger, Object.keys(shape)));
  const values: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(shape)) {
    const value = read(Object.hasOwn(args, name) ? args[name] : undefined);
    if (!value.ok) return fail(`argument "${name}" ${value.error}`);
    values[name] = value.value;
  }
  // Every name of the shape was just filled with what its own reader returned.
  return ok(values as Values<Shape>);
}

/** A required text of at most `maxCharacters`, without NUL. */
export function text(maxCharacters: number): Argument<string> {
  return (given) => {
    if (given === undefined) return fail("is missing");
    if (typeof given !== "string" || given === "") return fail("must be a text that is not empty");
    if (given.length > maxCharacters) return fail(`is over ${maxCharacters} characters`);
    if (given.includes("\0")) return fail("must not contain NUL");
    return ok(given);
  };
}

/** A required absolute path. */
export function absolutePath(maxCharacters = 4_096): Argument<string> {
  return (given) => {
    const path = text(maxCharacters)(given);
    return !path.ok || isAbsolute(path.value) ? path : fail("must be an absolute path");
  };
}

/** A whole number from 1 to `most`; `otherwise` when it is not given. */
export function count(most: number, otherwise: number): Argument<number> {
  return (given) => {
    if (given === undefined) return ok(otherwise);
    const valid = typeof given === "number" && Number.isInteger(given) && given >= 1;
    return valid && given <= most ? ok(given) : fail(`must be a whole number from 1 to ${most}`);
  };
}

/** True or false; `otherwise` when it is not given. */
export function flag(otherwise: boolean): Argument<boolean> {
  return (given) => {
    if (given === undefined) return ok(otherwise);
    return typeof given === "boolean" ? ok(given) : fail("must be true or false");
  };
}

/** A list of at most `maxItems` texts (empty ones are allowed); empty when it is not given. */
export function textList(maxItems: number, maxCharacters: number): Argument<readonly string[]> {
  return (given) => {
    if (given === undefined) return ok([]);
    if (!Array.isArray(given)) return fail("must be a list of texts");
    if (given.length > maxItems) return fail(`has more than ${maxItems} entries`);
    const texts = given.filter((entry) => typeof entry === "string");
    if (texts.length !== given.length) return fail("must be a list of texts");
    const wrong = texts.some((entry) => entry.length > maxCharacters || entry.includes("\0"));
    return wrong ? fail(`has an entry with NUL or over ${maxCharacters} characters`) : ok(texts);
  };
}

function unknownArgument(name: string, known: readonly string[]): string {
  const hint = known.length === 0 ? "it takes none" : `it takes ${known.join(", ")}`;
  return `unknown argument ${JSON.stringify(name.slice(0, 64))}; ${hint}`;
}
