import type { Dialect, Page } from "../dialects/page.ts";
import { findFunction } from "../dialects/page-functions.ts";
import { runSafely } from "../dialects/tell-page.ts";
import { isMade } from "../view/made.ts";
import type { ScriptAddress } from "./script-address.ts";

type WhenReady = Page["whenReady"];

/**
 * Puts the globals in place, renders what the document has, and calls what the page has waiting. Where an
 * earlier script of the same address has done so, that one renders what is new: its globals know all widgets.
 */
export function install(
  address: ScriptAddress,
  startDialects: (whenReady: WhenReady) => readonly Dialect[],
): void {
  const name = Symbol.for(`sluice ${address.compat} ${address.service}`);
  const earlier: unknown = Reflect.get(window, name);
  const serve = typeof earlier === "function" ? earlier : start(startDialects);
  Reflect.set(window, name, serve);
  serve(address);
}

/** Starts the interfaces; returns what serves a script of a page. */
function start(startDialects: (whenReady: WhenReady) => readonly Dialect[]) {
  const ready = whenParsed();
  const whenReady: WhenReady = (callback) => void ready.then(callback);
  const dialects = startDialects(whenReady);
  return ({ implicit, onload }: ScriptAddress) => {
    for (const { globals } of dialects) {
      for (const [name, value] of Object.entries(globals)) putInPlace(name, value);
    }
    whenReady(() => {
      if (implicit) for (const dialect of dialects) renderElements(dialect);
      for (const { waiting } of dialects) for (const call of waiting?.() ?? []) runSafely(call);
      callOnload(onload);
    });
  };
}

/**
 * A global of an earlier script stays, or the widgets of that one would be forgotten. An object of the page's
 * own, which stands in until the script is there, is given what it lacks; elements whose id is the name are
 * no globals.
 */
function putInPlace(name: string, value: unknown): void {
  const found: unknown = Object.hasOwn(window, name) ? Reflect.get(window, name) : null;
  if (found === undefined || found === null) Reflect.set(window, name, value);
  else if (typeof found === "object" && !("render" in found)) Object.assign(found, value);
}

function whenParsed(): Promise<void> {
  if (document.readyState !== "loading") return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener("DOMContentLoaded", () => resolve(), { once: true });
  });
}

/** Elements with a sitekey that hold no widget yet. */
function renderElements({ classNames, renderElement }: Dialect): void {
  for (const className of classNames) {
    for (const element of document.querySelectorAll<HTMLElement>(`.${className}[data-sitekey]`)) {
      if (!hasWidget(element)) runSafely(() => renderElement(element));
    }
  }
}

/** A button has its widget beside it. */
function hasWidget(element: Element): boolean {
  const place = element.matches("button, input") ? element.nextElementSibling : element;
  return [...(place?.querySelectorAll("[data-sluice]") ?? [])].some(isMade);
}

function callOnload(name: string | null): void {
  if (name === null) return;
  const onload = findFunction(name);
  if (typeof onload === "function") runSafely(() => onload());
  else console.warn(`Sluice: the page has no function ${name}`);
}
