/** Of all scripts of a page, which may be several. */
const MADE = Symbol.for("sluice made");

/** Marks an element as one that lives. A page that copies its own content copies no such mark. */
export function markMade<Made extends Element>(element: Made): Made {
  Reflect.set(element, MADE, true);
  return element;
}

/** Whether an element is one that was made here, and no copy. */
export function isMade(element: Element): boolean {
  return Reflect.has(element, MADE);
}
