import { build } from "../view/build.ts";

/**
 * Where a page marks its submit button itself, a click on it runs an invisible check beside it first, and the
 * page's callback sends the form. Returns the element to render into; null for an element that is no button.
 */
export function besideButton(element: HTMLElement, run: () => void): HTMLElement | null {
  const isButton = element instanceof HTMLButtonElement || element instanceof HTMLInputElement;
  if (!isButton) return null;
  const place = build("div", { "data-sluice-beside": "" });
  // That of a page that was copied, which has no life in it.
  const copy = element.nextElementSibling;
  if (copy?.matches("[data-sluice-beside]")) copy.remove();
  element.after(place);
  element.addEventListener("click", (event) => {
    event.preventDefault();
    run();
  });
  return place;
}
