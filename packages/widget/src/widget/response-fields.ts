import { build } from "../view/build.ts";
import { markMade } from "../view/made.ts";

/** A field of the page's form that holds the pass, so that a form sent as ever carries it. */
export interface FieldSpec {
  readonly name: string;
  /** Pages read some vendors' fields by their id, or by their name as a class. */
  readonly id: string | null;
  readonly tag: "input" | "textarea";
}

/** The fields of one widget, beside its box. */
export class ResponseFields {
  readonly #elements: readonly (HTMLInputElement | HTMLTextAreaElement)[];

  constructor(container: Element, specs: readonly FieldSpec[]) {
    this.#elements = specs.map((spec) => markMade(makeField(spec)));
    container.append(...this.#elements);
  }

  fill(value: string): void {
    for (const element of this.#elements) element.value = value;
  }

  remove(): void {
    for (const element of this.#elements) element.remove();
  }
}

function makeField({ name, id, tag }: FieldSpec): HTMLInputElement | HTMLTextAreaElement {
  const attributes = {
    name,
    autocomplete: "off",
    "data-sluice-field": "",
    ...(id !== null && { id }),
  };
  return tag === "input"
    ? build("input", { type: "hidden", ...attributes })
    : // A text area has no hidden type; unlike a style attribute, `hidden` is allowed everywhere.
      build("textarea", {
        ...attributes,
        class: name,
        hidden: "",
        "aria-hidden": "true",
        tabindex: "-1",
      });
}
