import type { Dialect, Page } from "../dialects/page.ts";
import { findFunction } from "../dialects/page-functions.ts";
import { runSafely } from "../dialects/tell-page.ts";
import type { Widgets } from "../widget/widgets.ts";
import type { ScriptAddress } from "./script-address.ts";

/**
 * Puts the globals in place, renders what the document has, and calls the page's `onload`. A global that is
 * there already stays: a script that is loaded twice must not forget the widgets of the first.
 */
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
      if (!(name in window)) Reflect.set(window, name, value);
    }
  }
  whenReady(() => {
    if (address.implicit) for (const dialect of dialects) renderElements(dialect);
    callOnload(address.onload);
  });
}

function whenParsed(): Promise<void> {
  if (document.readyState !== "loading") return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener("DOMContentLoaded", () => resolve(), { once: true });
  });
}

/** Elements with a sitekey that hold no widget yet. */
function renderElements({ className, renderElement }: Dialect): void {
  if (className === null) return;
  for (const element of document.querySelectorAll<HTMLElement>(`.${className}[data-sitekey]`)) {
    if (element.querySelector("[data-sluice]") === null) runSafely(() => renderElement(element));
  }
}

function callOnload(name: string | null): void {
  if (name === null) return;
  const onload = findFunction(name);
  if (typeof onload === "function") runSafely(() => onload());
  else console.warn(`Sluice: the page has no function ${name}`);
}
