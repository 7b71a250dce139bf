import { build } from "./build.ts";
import dark from "./styles/dark.css";
import styles from "./styles/index.css";
import { hasScriptedSheets } from "./support.ts";

let sheet: CSSStyleSheet | null = null;

/**
 * Gives a shadow root the widget's looks, by a sheet made in the script: a policy without `unsafe-inline`
 * forbids `style` elements and attributes, not this. A browser that is too old for it is told so in style
 * where the policy allows.
 */
export function dress(root: ShadowRoot): void {
  if (hasScriptedSheets()) root.adoptedStyleSheets = [scriptedSheet()];
  else root.append(build("style", {}, wholeText()));
}

function scriptedSheet(): CSSStyleSheet {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(wholeText());
  }
  return sheet;
}

function wholeText(): string {
  return styles + darkOf("dark") + darkBySystem();
}

function darkBySystem(): string {
  return `@media (prefers-color-scheme:dark){${darkOf("auto")}}`;
}

/** The dark colours where a page asks for this theme. CSS has no way to say them once for both. */
function darkOf(theme: "dark" | "auto"): string {
  return dark.replace(":host", `:host([data-theme=${theme}])`);
}
