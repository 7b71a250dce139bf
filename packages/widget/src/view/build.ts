const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element. Never with a `style` attribute, which a strict policy forbids; children that are text
 * stay text.
 */
export function build<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: { readonly [name: string]: string } = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Makes a drawing of strokes that takes the colour of the text around it, and says nothing to readers. */
export function drawing(className: string, viewBox: string, ...paths: readonly string[]): Element {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = { class: className, viewBox, "aria-hidden": "true", focusable: "false" };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** Sets an attribute, or takes it away. */
export function setAttribute(element: Element, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
