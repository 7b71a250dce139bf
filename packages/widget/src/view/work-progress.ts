import type { Texts } from "../languages/texts.ts";
import { build } from "./build.ts";

/** Readers are told of every tenth, not of every puzzle. */
const TENTH = 0.1;

/** How far the machine is with the work it does in place of the visitor. */
export class WorkProgress {
  readonly element: HTMLElement;
  readonly #bar: HTMLElement;
  readonly #share: HTMLElement;
  readonly #texts: Texts;
  #told = 0;

  constructor(texts: Texts) {
    this.#texts = texts;
    this.#bar = build("div", {
      class: "progress",
      role: "progressbar",
      tabindex: "-1",
      "aria-labelledby": "title",
      "aria-valuemin": "0",
      "aria-valuemax": "100",
      "aria-valuenow": "0",
    });
    this.#share = build("p", { class: "share", role: "status" });
    this.element = build("div", { class: "work" }, this.#bar, this.#share);
  }

  show(share: number): void {
    const percent = Math.round(share * 100);
    this.#bar.style.setProperty("--share", String(share));
    this.#bar.setAttribute("aria-valuenow", String(percent));
    if (share < 1 && share - this.#told < TENTH) return;
    this.#told = share;
    this.#share.textContent = this.#texts.percent(percent);
  }

  focus(): void {
    this.#bar.focus({ preventScroll: true });
  }
}
