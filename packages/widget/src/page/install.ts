import type { Dialect, Page } from "../dialects/page.ts";
import { findFunction } from "../dialects/page-functions.ts";
import { runSafely } from "../dialects/tell-page.ts";
import type { Widgets } from "../widget/widgets.ts";
import type { ScriptAddress } from "./script-address.ts";

/** Puts the globals in place, renders what the document has, and calls what the page has waiting. */
export function install(
  address: ScriptAddress,
  widgets: Widgets,
  dialectsOf: (page: Page) => readonly Dialect[],
): void {
  const ready = whenParsed();
  const whenReady = (callback: () => void) => void ready.then(callback);
  const dialects = dialectsOf({ widgets, address, whenReady });
  for (const { globals } of dialects) {
    for (const [name, value] of Object.entries(globals)) {
      putInPlace(name, value);
    }
  }
  whenReady(() => {
    if (address.implicit) for (const dialect of dialects) renderElements(dialect);
    for (const { waiting } of dialects) for (const call of waiting?.() ?? []) runSafely(call);
    callOnload(address.onload);
  });
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
      if (element.querySelector("[data-sluice]") === null) runSafely(() => renderElement(element));
    }
  }
}

function callOnload(name: string | null): void {
  if (name === null) return;
  const onload = findFunction(name);
  if (typeof onload === "function") runSafely(() => onload());
  else console.warn(`Sluice: the page has no function ${name}`);
}
