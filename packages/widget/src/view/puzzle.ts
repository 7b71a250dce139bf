import type { SliderSpec, Track } from "@sluice/protocol";
import type { Texts } from "../languages/texts.ts";
import { build, setAttribute } from "./build.ts";
import { chevron, circleArrow, eyeOff } from "./icons.ts";
import { drawPicture } from "./picture.ts";
import { SliderControl } from "./slider-control.ts";

export interface PuzzleEvents {
  readonly onPlace: (answer: number, track: Track | null) => void;
  readonly onAnother: () => void;
  readonly onDecline: () => void;
}

/** A picture with a gap, a piece, and a slider that moves the piece. */
export class Puzzle {
  readonly slider: SliderSpec;
  readonly element: HTMLElement;
  readonly #control: SliderControl;
  readonly #buttons: readonly HTMLButtonElement[];

  constructor(texts: Texts, slider: SliderSpec, events: PuzzleEvents) {
    this.slider = slider;
    const { width, height, pieceWidth, pieceHeight, pieceTop } = slider;
    const scene = build("canvas", { class: "scene" });
    const piece = build("canvas", { class: "piece" });
    const picture = build("div", { class: "picture", "aria-hidden": "true" }, scene, piece);
    // In shares of the picture, so that all stays in its place at any width.
    picture.style.setProperty("--ratio", `${width} / ${height}`);
    piece.style.setProperty("--width", `${(pieceWidth / width) * 100}%`);
    piece.style.setProperty("--height", `${(pieceHeight / height) * 100}%`);
    piece.style.setProperty("--top", `${(pieceTop / height) * 100}%`);
    const onMove = (value: number) => {
      piece.style.setProperty("--left", `${(value / width) * 100}%`);
    };
    this.#control = new SliderControl(
      texts,
      { max: Math.max(1, width - pieceWidth) },
      { onMove, onPlace: (value, track) => events.onPlace(Math.round(value * 10) / 10, track) },
    );
    this.#control.dragFrom(piece);
    this.#control.describeBy("hint keys");
    const steps = this.#stepButtons(texts, events);
    const decline = button("quiet", [eyeOff(), texts.noPicture], events.onDecline);
    this.#buttons = [...steps, decline];
    this.element = build(
      "div",
      { class: "puzzle" },
      picture,
      this.#control.rail,
      build("div", { class: "steps" }, ...steps),
      build("p", { id: "keys", class: "unseen" }, texts.sliderKeys),
      build("div", { class: "others" }, decline),
    );
    drawPicture(slider, scene, piece).catch(() => events.onAnother());
  }

  setBusy(isBusy: boolean): void {
    setAttribute(this.element, "data-busy", isBusy ? "" : null);
    this.#control.setBusy(isBusy);
    for (const button of this.#buttons)
      setAttribute(button, "aria-disabled", isBusy ? "true" : null);
  }

  focus(): void {
    this.#control.focus();
  }

  #stepButtons(texts: Texts, { onAnother }: PuzzleEvents): HTMLButtonElement[] {
    const control = this.#control;
    return [
      iconButton(chevron("left"), texts.left, () => control.stepBy(-1)),
      iconButton(chevron("right"), texts.right, () => control.stepBy(1)),
      iconButton(circleArrow(), texts.anotherPicture, onAnother),
      button("primary", [texts.confirm], () => control.confirm()),
    ];
  }
}

function iconButton(icon: Element, label: string, act: () => void): HTMLButtonElement {
  const made = button("square", [icon], act);
  made.setAttribute("aria-label", label);
  return made;
}

function button(className: string, content: (Node | string)[], act: () => void): HTMLButtonElement {
  const made = build("button", { type: "button", class: className }, ...content);
  made.addEventListener("click", () => {
    if (made.getAttribute("aria-disabled") === null) act();
  });
  return made;
}
