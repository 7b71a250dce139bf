import dark from "./styles/dark.css";
import styles from "./styles/index.css";

let sheet: CSSStyleSheet | null = null;

/**
 * Gives a shadow root the widget's looks, by a sheet made in the script: a policy without `unsafe-inline`
 * forbids `style` elements and attributes, not this.
 */
export function dress(root: ShadowRoot): void {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles + darkOf("dark") + darkBySystem());
  }
  root.adoptedStyleSheets = [sheet];
}

function darkBySystem(): string {
  return `@media (prefers-color-scheme:dark){${darkOf("auto")}}`;
}

/** The dark colours where a page asks for this theme. CSS has no way to say them once for both. */
function darkOf(theme: "dark" | "auto"): string {
  return dark.replace(":host", `:host([data-theme=${theme}])`);
}
