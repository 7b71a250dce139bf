import css from "./widget.css";

let sheet: CSSStyleSheet | null = null;

/**
 * Gives a shadow root the widget's looks, by a sheet made in the script: a policy without `unsafe-inline`
 * forbids `style` elements and attributes, not this.
 */
export function dress(root: ShadowRoot): void {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  root.adoptedStyleSheets = [sheet];
}
