import type { Track } from "@sluice/protocol";
import type { PanelView, TextName } from "../machine/view.ts";
import type { PointerWatch } from "../track/pointer-watch.ts";
import { build } from "./build.ts";
import { cross } from "./icons.ts";
import { placeBeside } from "./place-beside.ts";
import { Puzzle } from "./puzzle.ts";
import { type Looks, makeShadow, type Shadow } from "./shadow.ts";
import { TickBox } from "./tick-box.ts";
import { WorkProgress } from "./work-progress.ts";

export interface PanelEvents {
  readonly onPlace: (answer: number, track: Track | null) => void;
  readonly onAnother: () => void;
  readonly onDecline: () => void;
  readonly onTick: (track: Track | null) => void;
  readonly onClose: () => void;
}

/** What the panel holds, and how it takes a change of the view. */
type Body =
  | { readonly kind: "puzzle"; readonly puzzle: Puzzle }
  | { readonly kind: "working"; readonly progress: WorkProgress }
  | { readonly kind: "confirm"; readonly box: TickBox }
  | { readonly kind: "loading" };

/**
 * What a visitor has to do, in a dialog over the page: the browser keeps the focus inside, gives it back
 * afterwards, closes by Escape, and shows it whatever the widget's place is hidden or cut off by.
 */
export class Panel {
  readonly #looks: Looks;
  readonly #watch: PointerWatch;
  readonly #events: PanelEvents;
  readonly #shadow: Shadow;
  readonly #dialog: HTMLDialogElement;
  readonly #title = build("h2", { id: "title" });
  readonly #hint = build("p", { id: "hint", class: "hint" });
  readonly #note = build("p", { class: "note", role: "status" });
  readonly #place = build("div", { class: "body" });
  #body: Body | null = null;
  #stopPlacing: () => void = () => {};

  constructor(looks: Looks, watch: PointerWatch, events: PanelEvents) {
    this.#looks = looks;
    this.#watch = watch;
    this.#events = events;
    this.#shadow = makeShadow("panel", looks);
    const close = build("button", { type: "button", class: "close" }, cross());
    close.setAttribute("aria-label", looks.texts.close);
    close.addEventListener("click", events.onClose);
    const head = build("header", {}, this.#title, close);
    this.#dialog = build(
      "dialog",
      { class: "panel", "aria-labelledby": "title" },
      head,
      this.#hint,
      this.#note,
      this.#place,
    );
    // Escape; the widget itself closes the dialog when its state says so.
    this.#dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      events.onClose();
    });
    this.#shadow.root.append(this.#dialog);
  }

  /** Shows a view, beside an element of the page if one is given. */
  show(view: PanelView, beside: Element | null): void {
    if (!this.#dialog.open) this.#open(beside);
    this.#update(view);
  }

  /** Share of the work that is done, 0 to 1. */
  showProgress(share: number): void {
    if (this.#body?.kind === "working") this.#body.progress.show(share);
  }

  hide(): void {
    if (!this.#dialog.open) return;
    this.#stopPlacing();
    this.#dialog.close();
    this.#shadow.host.remove();
    this.#body = null;
  }

  #open(beside: Element | null): void {
    (document.body ?? document.documentElement).append(this.#shadow.host);
    this.#dialog.showModal();
    this.#stopPlacing = placeBeside(this.#dialog, beside);
  }

  #update(view: PanelView): void {
    const { texts } = this.#looks;
    const body = this.#bodyFor(view);
    const isNew = body !== this.#body;
    this.#body = body;
    this.#title.textContent = texts[TITLES[view.kind]];
    this.#hint.textContent = hintOf(view) === null ? "" : texts[hintOf(view) ?? "puzzleHint"];
    const note = "note" in view && view.note !== null ? texts[view.note] : "";
    if (this.#note.textContent !== note) this.#note.textContent = note;
    if (body.kind === "puzzle") body.puzzle.setBusy(view.kind !== "puzzle" || view.isBusy);
    if (body.kind === "confirm" && view.kind === "confirm") body.box.show(view.box);
    if (isNew) this.#focus(body);
  }

  /** What is there goes on when it is of the same question. */
  #bodyFor(view: PanelView): Body {
    const body = this.#body;
    // The old picture stays, dimmed, until the new one is there.
    if (view.kind === "loading" && body?.kind === "puzzle") return body;
    const isSame =
      body?.kind === view.kind &&
      (body.kind !== "puzzle" || view.kind !== "puzzle" || body.puzzle.slider === view.slider);
    if (body !== null && isSame) return body;
    const [made, ...elements] = this.#makeBody(view);
    this.#place.replaceChildren(...elements);
    return made;
  }

  #makeBody(view: PanelView): [Body, ...HTMLElement[]] {
    const { texts } = this.#looks;
    switch (view.kind) {
      case "puzzle": {
        const puzzle = new Puzzle(texts, view.slider, this.#events);
        return [{ kind: "puzzle", puzzle }, puzzle.element];
      }
      case "working": {
        const progress = new WorkProgress(texts);
        return [{ kind: "working", progress }, progress.element];
      }
      case "confirm": {
        const { onTick } = this.#events;
        const box = new TickBox(texts, 0, this.#watch, { onTick, onInterest: () => {} });
        return [{ kind: "confirm", box }, box.element];
      }
      case "loading":
        return [{ kind: "loading" }, build("div", { class: "picture waiting" })];
    }
  }

  #focus(body: Body): void {
    if (body.kind === "puzzle") body.puzzle.focus();
    if (body.kind === "confirm") body.box.focus();
    if (body.kind === "working") body.progress.focus();
  }
}

const TITLES: { readonly [Kind in PanelView["kind"]]: TextName } = {
  puzzle: "puzzleTitle",
  loading: "puzzleTitle",
  working: "workTitle",
  confirm: "confirmTitle",
};

function hintOf({ kind }: PanelView): TextName | null {
  if (kind === "working") return "workHint";
  return kind === "confirm" ? null : "puzzleHint";
}
