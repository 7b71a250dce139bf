import { MAX_ID_CHARACTERS } from "./ids.ts";
import type { JsonObject } from "./json.ts";

const ID = /^[A-Za-z0-9_-]+$/;
// Control characters have no place in a name or key, and some are terminal commands in a log.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Holds the first thing that was wrong with a value. Details name the place, never the content. */
export interface FirstFault {
  detail: string | null;
}

/** Whether a value is a plain keyed object, as opposed to null, an array or a scalar. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads the fields of one object that came from outside. A field that does not fit notes a fault, if
 * it is the first, and yields a harmless stand-in, so that parsers are straight lines: build the whole
 * value, then look once whether a fault was noted. Nothing here throws.
 */
export class FieldReader {
  readonly #source: { readonly [name: string]: unknown };
  readonly #where: string;
  readonly #index: number | null;
  readonly #faults: FirstFault;

  /**
   * `where` is the place of the object in words, empty for the outermost; `index` is its place in a list
   * of that name. The two become `items[3]` only when there is a fault to tell.
   */
  constructor(source: unknown, where: string, faults: FirstFault, index: number | null = null) {
    this.#where = where;
    this.#index = index;
    this.#faults = faults;
    this.#source = isJsonObject(source) ? source : {};
    if (!isJsonObject(source)) this.#note(this.#own() || "the message", "must be an object");
  }

  /** Whether the field is present at all; JSON `null` counts as present. */
  has(name: string): boolean {
    return this.#source[name] !== undefined;
  }

  /** Whether the field says something: absence, null and an empty string say nothing. */
  says(name: string): boolean {
    const value = this.#source[name];
    return value !== undefined && value !== null && value !== "";
  }

  /** Whether the field is JSON `null`, with which a caller says that there is to be none. */
  isNull(name: string): boolean {
    return this.#source[name] === null;
  }

  /** True or false. */
  flag(name: string): boolean {
    const value = this.#source[name];
    if (typeof value === "boolean") return value;
    this.refuse(name, "must be true or false");
    return false;
  }

  /** A whole number from `min` to `max`. */
  integer(name: string, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.#source[name];
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
      return value;
    }
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    this.refuse(name, `must be a whole number ${range}`);
    return min;
  }

  /** A whole number, or `fallback` where the field is absent. */
  integerOr(fallback: number, name: string, min: number, max: number): number {
    return this.has(name) ? this.integer(name, min, max) : fallback;
  }

  /** A finite number of at least 0; more than `max` is refused, or cut to it when `cut` says so. */
  amount(name: string, max: number, excess: "refuse" | "cut"): number {
    const value = this.#source[name];
    if (typeof value === "number" && Number.isFinite(value) && value >= 0) {
      if (value <= max) return value;
      if (excess === "cut") return max;
    }
    this.refuse(
      name,
      excess === "cut" ? "must be a number of at least 0" : `must be a number from 0 to ${max}`,
    );
    return 0;
  }

  /** A non-empty string of at most `max` characters that fits the pattern, or has no control characters. */
  name(name: string, max: number, pattern?: RegExp): string {
    const value = this.#source[name];
    if (typeof value !== "string" || value === "" || value.length > max) {
      this.refuse(name, `must be a string of 1 to ${max} characters`);
      return "";
    }
    const fits = pattern ? pattern.test(value) : value.isWellFormed() && !CONTROL.test(value);
    if (!fits) {
      this.refuse(
        name,
        pattern ? `must match ${pattern.source}` : "must not hold control characters",
      );
      return "";
    }
    return value;
  }

  /** As {@link name}, or null where the field is absent. */
  nameOrNull(name: string, max: number): string | null {
    return this.has(name) ? this.name(name, max) : null;
  }

  /** Free text, which may be empty; what is over `max` characters is cut off, not refused. */
  prose(name: string, max: number): string {
    const value = this.#source[name];
    if (typeof value === "string") return value.slice(0, max).toWellFormed();
    this.refuse(name, "must be a string");
    return "";
  }

  /** An id of ours. The caller says which kind by the type it expects. */
  id<Id extends string>(name: string): Id {
    return this.name(name, MAX_ID_CHARACTERS, ID) as Id;
  }

  /** One of a few words. */
  oneOf<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    const value = this.#source[name];
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) this.refuse(name, `must be one of ${words.join(", ")}`);
    return word ?? words[0];
  }

  /** An instant in ISO 8601. */
  instant(name: string): string {
    const value = this.name(name, 40);
    if (value !== "" && Number.isNaN(Date.parse(value)))
      this.refuse(name, "must be an ISO 8601 time");
    return value;
  }

  /** A nested object, as it is. */
  object(name: string): JsonObject {
    const value = this.#source[name];
    if (isJsonObject(value)) return value;
    this.refuse(name, "must be an object");
    return {};
  }

  /** A reader of a nested object. */
  nested(name: string): FieldReader {
    return new FieldReader(this.#source[name], this.#place(name), this.#faults);
  }

  /** The elements of a list of at most `max`, as they are. */
  list(name: string, max: number): readonly unknown[] {
    const value = this.#source[name];
    if (Array.isArray(value) && value.length <= max) return value;
    this.refuse(name, `must be a list of at most ${max} entries`);
    return [];
  }

  /** Reads every object of a list; stops at the first fault. */
  each<Entry>(name: string, max: number, read: (entry: FieldReader) => Entry): Entry[] {
    const entries: Entry[] = [];
    for (const [index, element] of this.list(name, max).entries()) {
      entries.push(read(new FieldReader(element, this.#place(name), this.#faults, index)));
      if (this.#faults.detail !== null) break;
    }
    return entries;
  }

  /** Notes a fault of one field, in words that continue its name. */
  refuse(name: string, complaint: string): void {
    this.#note(this.#place(name), complaint);
  }

  #note(place: string, complaint: string): void {
    this.#faults.detail ??= `${place} ${complaint}`;
  }

  #place(name: string): string {
    const own = this.#own();
    return own === "" ? name : `${own}.${name}`;
  }

  #own(): string {
    return this.#index === null ? this.#where : `${this.#where}[${this.#index}]`;
  }
}
