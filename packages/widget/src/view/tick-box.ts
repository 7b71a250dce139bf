import type { Track } from "@sluice/protocol";
import type { Texts } from "../languages/texts.ts";
import type { BoxView } from "../machine/view.ts";
import type { PointerWatch } from "../track/pointer-watch.ts";
import { build, setAttribute } from "./build.ts";
import { alertMark, brandMark, tickMark } from "./icons.ts";

export interface TickBoxEvents {
  readonly onTick: (track: Track | null) => void;
  /** The visitor comes near or sets the focus here. */
  readonly onInterest: () => void;
}

/** The box with its label: a real checkbox, so that every aid knows what to do with it. */
export class TickBox {
  readonly element: HTMLElement;
  readonly #texts: Texts;
  readonly #input: HTMLInputElement;
  readonly #text: HTMLElement;
  readonly #status: HTMLElement;
  #acts = true;

  constructor(texts: Texts, tabindex: number, watch: PointerWatch, events: TickBoxEvents) {
    this.#texts = texts;
    this.#input = build("input", { type: "checkbox", tabindex: String(tabindex) });
    this.#text = build("span", { class: "text" });
    this.#status = build("span", { class: "unseen", role: "status" });
    const mark = build("span", { class: "mark" }, tickMark(), alertMark());
    const label = build("label", {}, this.#input, mark, this.#text);
    const brand = build("span", { class: "brand", "aria-hidden": "true" }, brandMark(), "Sluice");
    this.element = build(
      "div",
      { class: "box", role: "group", "aria-label": texts.group },
      label,
      brand,
      this.#status,
    );
    this.#listen(watch, events);
  }

  show({ mark, text, acts, isNews }: BoxView): void {
    const said = this.#texts[text];
    this.#acts = acts;
    this.element.dataset.mark = mark;
    this.#text.textContent = said;
    // A box that works or is done is ticked; a reader tells the change.
    this.#input.checked = mark === "busy" ? !acts : mark === "done";
    setAttribute(this.#input, "aria-disabled", acts ? null : "true");
    setAttribute(this.#input, "aria-invalid", mark === "failed" ? "true" : null);
    const news = isNews ? said : "";
    if (this.#status.textContent !== news) this.#status.textContent = news;
  }

  focus(): void {
    this.#input.focus();
  }

  #listen(watch: PointerWatch, { onTick, onInterest }: TickBoxEvents): void {
    this.#input.addEventListener("click", (event) => {
      // What the box shows is what the check has come to, not what the browser makes of a click.
      if (!this.#acts) return event.preventDefault();
      onTick(watch.trackTo(this.element.getBoundingClientRect()));
    });
    this.#input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#input.click();
    });
    this.element.addEventListener("pointerenter", onInterest);
    this.#input.addEventListener("focus", onInterest);
  }
}
