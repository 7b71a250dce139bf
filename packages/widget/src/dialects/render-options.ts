import type { WidgetOptions } from "../options/options.ts";
import { readOptions } from "../options/read-options.ts";
import type { Compat } from "../page/script-address.ts";
import type { Page } from "./page.ts";
import { findFunction } from "./page-functions.ts";

/** What a call says of an element; the element's own attributes speak where it says nothing. */
export function withAttributes(element: Element, parameters: unknown): object {
  const attributes = element instanceof HTMLElement ? element.dataset : {};
  const named = Object.entries(Object(parameters)).filter(([, value]) => value !== undefined);
  return { ...attributes, ...Object.fromEntries(named) };
}

/** Vendors whose boxes are light unless a page chooses: their pages may have no place for a dark one. */
const LIGHT: readonly Compat[] = ["recaptcha", "hcaptcha", "geetest"];

/** Options from whatever a page passed; the script's own language where they name none. */
export function renderOptions(parameters: unknown, { address }: Page): WidgetOptions {
  const given = typeof parameters === "object" && parameters !== null ? parameters : {};
  const usualTheme = LIGHT.includes(address.compat) ? "light" : "auto";
  const options = readOptions({ ...given }, findFunction, usualTheme);
  return { ...options, language: options.language ?? address.language };
}

/** As reCAPTCHA and hCaptcha have it: an invisible widget waits for the page to start it. */
export function waitsWhereInvisible(options: WidgetOptions): WidgetOptions {
  return options.size === "invisible" ? { ...options, execution: "execute" } : options;
}
