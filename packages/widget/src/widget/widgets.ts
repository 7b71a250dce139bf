import { isMade } from "../view/made.ts";
import { type Surroundings, Widget, type WidgetSpec } from "./widget.ts";

/** How a page names a widget: its id, or the element it was rendered into, or a selector of that. */
export type Reference = unknown;

/** The widgets of a page, by the ids that were given out for them. */
export class Widgets {
  readonly #surroundings: Surroundings;
  readonly #byId = new Map<string | number, Widget>();
  /** Widgets that another took the place of: who holds their id means that other one. */
  readonly #successors = new WeakMap<Widget, Widget>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * Makes a widget under an id. One that is in the element already makes way: React's strict mode renders
   * everything twice, and two boxes in one place are never meant.
   */
  render(id: string | number, spec: WidgetSpec): Widget {
    const earlier = this.#in(spec.container);
    earlier?.remove();
    removeCopies(spec.container);
    const widget = new Widget(spec, this.#surroundings);
    if (earlier) this.#successors.set(earlier, widget);
    this.#byId.set(id, widget);
    return widget;
  }

  /** The widget that is meant; without a reference the first of the page. Undefined when there is none. */
  find(reference: Reference): Widget | undefined {
    if (reference === undefined || reference === null || reference === "") return this.#first();
    const named = this.#named(reference);
    if (named !== undefined) return this.#latest(named);
    const element = elementOf(reference);
    return element === null ? undefined : this.#in(element);
  }

  /** The id of the widget in an element. */
  idIn(element: Element): string | number | undefined {
    const widget = this.#in(element);
    return [...this.#byId].find(([, each]) => each === widget)?.[0];
  }

  /** Takes a widget out. One that has made way is gone already: its successor stays. */
  remove(reference: Reference): void {
    const widget = this.#named(reference) ?? this.find(reference);
    widget?.remove();
    if (widget && this.#successors.get(widget) === undefined) this.#forget(widget);
  }

  #named(reference: Reference): Widget | undefined {
    if (typeof reference !== "string" && typeof reference !== "number") return undefined;
    return this.#byId.get(reference);
  }

  #latest(widget: Widget): Widget {
    const successor = this.#successors.get(widget);
    return successor === undefined ? widget : this.#latest(successor);
  }

  #living(): Widget[] {
    return [...this.#byId.values()].filter((widget) => this.#latest(widget) === widget);
  }

  /** One in the page goes before one that is not there yet, or no more. */
  #first(): Widget | undefined {
    const living = this.#living();
    return living.find(({ container }) => container.isConnected) ?? living[0];
  }

  #in(element: Element): Widget | undefined {
    return this.#living().find(({ container }) => container === element);
  }

  #forget(widget: Widget): void {
    for (const [id, each] of this.#byId) if (this.#latest(each) === widget) this.#byId.delete(id);
  }
}

/** Takes away what is left of a widget where a page shows a copy of its own content. */
function removeCopies(container: Element): void {
  const found = container.querySelectorAll(":scope > :is([data-sluice], [data-sluice-field])");
  for (const element of found) if (!isMade(element)) element.remove();
}

/** The element a page means: itself, the id of one, or a selector. Null when there is none. */
export function elementOf(reference: unknown): Element | null {
  if (reference instanceof Element) return reference;
  if (typeof reference !== "string" || reference === "") return null;
  return document.getElementById(reference) ?? querySelector(reference);
}

function querySelector(selector: string): Element | null {
  try {
    return document.querySelector(selector);
  } catch {
    // Not a selector.
    return null;
  }
}
