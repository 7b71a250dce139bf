import {
  APPEARANCES,
  CALLBACKS,
  type Callback,
  type CallbackName,
  EXECUTIONS,
  REFRESHES,
  RETRIES,
  SIZES,
  THEMES,
  type Theme,
  type WidgetOptions,
} from "./options.ts";

const RETRY_INTERVAL_MS = 8_000;
const LONGEST_RETRY_INTERVAL_MS = 900_000;
const SHORTEST_RETRY_INTERVAL_MS = 1_000;

/** Finds a function of the page by its name, at the moment it is to be called. */
export type FindFunction = (name: string) => unknown;

/** Options by their name in small letters without hyphens: `error-callback`, `errorCallback`, `ErrorCallback`. */
type Given = ReadonlyMap<string, unknown>;

/**
 * Reads what a page passes to `render`, or what an element says in `data-` attributes. Names may be written
 * with hyphens or in camel case; a value that is none of an option's words counts as not given, so that a
 * page with a typing error has a working widget. `usualTheme` is for a page that names none.
 */
export function readOptions(
  source: { readonly [name: string]: unknown },
  findFunction: FindFunction,
  usualTheme: Theme = "auto",
): WidgetOptions {
  const given = new Map(Object.entries(source).map(([name, value]) => [plainName(name), value]));
  return {
    sitekey: text(given, "sitekey") ?? "",
    action: text(given, "action"),
    cdata: text(given, "cdata"),
    theme: word(given, "theme", THEMES, usualTheme),
    size: word(given, "size", SIZES),
    language: languageOf(given),
    appearance: word(given, "appearance", APPEARANCES),
    execution: word(given, "execution", EXECUTIONS),
    retry: word(given, "retry", RETRIES),
    retryIntervalMs: retryIntervalOf(given),
    refreshExpired: word(given, "refreshexpired", REFRESHES),
    refreshTimeout: word(given, "refreshtimeout", REFRESHES),
    responseField: String(given.get("responsefield")) !== "false",
    responseFieldName: text(given, "responsefieldname"),
    tabindex: wholeNumber(given, "tabindex") ?? 0,
    callbacks: callbacksOf(given, findFunction),
  };
}

function plainName(name: string): string {
  return name.replaceAll("-", "").toLowerCase();
}

function text(given: Given, name: string): string | null {
  const value = given.get(name);
  return typeof value === "string" && value !== "" ? value : null;
}

function word<Word>(
  given: Given,
  name: string,
  words: readonly [Word, ...Word[]],
  usual: Word = words[0],
): Word {
  return words.find((candidate) => candidate === given.get(name)) ?? usual;
}

function wholeNumber(given: Given, name: string): number | null {
  const value = text(given, name) ?? given.get(name);
  const number = Number(value);
  return value !== undefined && value !== null && Number.isInteger(number) ? number : null;
}

function languageOf(given: Given): string | null {
  const language = text(given, "language") ?? text(given, "hl");
  return language === "auto" ? null : language;
}

function retryIntervalOf(given: Given): number {
  const interval = wholeNumber(given, "retryinterval") ?? RETRY_INTERVAL_MS;
  return Math.min(LONGEST_RETRY_INTERVAL_MS, Math.max(SHORTEST_RETRY_INTERVAL_MS, interval));
}

function callbacksOf(given: Given, find: FindFunction): Partial<Record<CallbackName, Callback>> {
  const callbacks: Partial<Record<CallbackName, Callback>> = {};
  for (const name of CALLBACKS) {
    const value = given.get(name);
    if (isFunction(value)) callbacks[name] = value;
    else if (typeof value === "string" && value !== "") callbacks[name] = calledByName(value, find);
  }
  return callbacks;
}

/** Looked up when it is called: a page may define its function after the widget. */
function calledByName(name: string, find: FindFunction): Callback {
  return (...said) => {
    const found = find(name);
    return isFunction(found) ? found(...said) : undefined;
  };
}

function isFunction(value: unknown): value is Callback {
  return typeof value === "function";
}
