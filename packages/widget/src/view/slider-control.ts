import type { PointerKind, Track } from "@sluice/protocol";
import type { Texts } from "../languages/texts.ts";
import { TrackRecorder } from "../track/track-recorder.ts";
import { build, setAttribute } from "./build.ts";
import { arrowRight } from "./icons.ts";
import {
  type Extent,
  fraction,
  moveBy,
  percentOf,
  valueAfterKey,
  valueAt,
} from "./slider-value.ts";

/** A handle let go this near to its start was taken back, pixels of the picture. */
const TAKEN_BACK = 3;

export interface SliderEvents {
  readonly onMove: (value: number) => void;
  /** A handle was let go, or a place confirmed. */
  readonly onPlace: (value: number, track: Track | null) => void;
}

/**
 * A handle on a rail. It can be dragged by mouse, pen and finger; put somewhere by a click on the rail; and
 * moved by keys and by buttons. A drag ends with the answer; everything else waits to be confirmed, so that
 * nobody has to hit a place at once.
 */
export class SliderControl {
  readonly rail: HTMLElement;
  readonly #handle: HTMLElement;
  readonly #texts: Texts;
  readonly #extent: Extent;
  readonly #events: SliderEvents;
  readonly #drag = new TrackRecorder();
  readonly #keys = new TrackRecorder();
  #value = 0;
  #isBusy = false;

  constructor(texts: Texts, extent: Extent, events: SliderEvents) {
    this.#texts = texts;
    this.#extent = extent;
    this.#events = events;
    this.#handle = build(
      "div",
      { class: "handle", role: "slider", tabindex: "0", "aria-label": texts.slider },
      arrowRight(),
    );
    setAttribute(this.#handle, "aria-valuemin", "0");
    setAttribute(this.#handle, "aria-valuemax", String(extent.max));
    this.rail = build("div", { class: "rail" }, build("div", { class: "fill" }), this.#handle);
    this.#listen();
    this.#moveTo(0);
  }

  /** Describes the handle by other elements of its tree. */
  describeBy(ids: string): void {
    this.#handle.setAttribute("aria-describedby", ids);
  }

  setBusy(isBusy: boolean): void {
    this.#isBusy = isBusy;
    setAttribute(this.#handle, "aria-disabled", isBusy ? "true" : null);
  }

  focus(): void {
    this.#handle.focus({ preventScroll: true });
  }

  /** Moves by some steps, as the buttons beside the rail do. */
  stepBy(steps: number): void {
    this.#moveByKeys(moveBy(this.#value, steps, this.#extent));
  }

  /** Takes the place for the answer. */
  confirm(): void {
    if (!this.#isBusy) this.#events.onPlace(this.#value, this.#keys.track("keyboard"));
  }

  /** Lets a drag begin on another element as well, such as the piece in the picture. */
  dragFrom(element: HTMLElement): void {
    element.addEventListener("pointerdown", (event) => this.#beginDrag(event, element));
  }

  #listen(): void {
    this.dragFrom(this.#handle);
    this.rail.addEventListener("click", (event) => this.#onRailClick(event));
    this.#handle.addEventListener("focus", ({ timeStamp }) => {
      if (this.#keys.isEmpty) this.#noteKey(timeStamp);
    });
    this.#handle.addEventListener("keydown", (event) => this.#onKey(event));
  }

  #beginDrag(down: PointerEvent, element: HTMLElement): void {
    if (this.#isBusy || !down.isPrimary || down.button !== 0) return;
    const from = this.#value;
    this.#drag.clear();
    this.#noteDrag(down);
    // From here on every movement comes to this element, wherever the pointer is.
    element.setPointerCapture(down.pointerId);
    const moved = (event: PointerEvent) => {
      this.#noteDrag(event);
      const share = (event.clientX - down.clientX) / this.#travel();
      this.#moveTo(from + share * this.#extent.max);
    };
    const stop = new AbortController();
    const listen = (
      type: "pointermove" | "pointerup" | "pointercancel",
      act: (event: PointerEvent) => void,
    ) => element.addEventListener(type, act, { signal: stop.signal });
    listen("pointermove", moved);
    listen("pointerup", (event) => {
      moved(event);
      stop.abort();
      this.#endDrag(event, from);
    });
    listen("pointercancel", () => {
      stop.abort();
      this.#moveTo(from);
    });
  }

  #endDrag({ pointerType }: PointerEvent, from: number): void {
    this.focus();
    if (Math.abs(this.#value - from) <= TAKEN_BACK) {
      this.#moveTo(from);
      return;
    }
    const pointer: PointerKind =
      pointerType === "touch" || pointerType === "pen" ? pointerType : "mouse";
    this.#events.onPlace(this.#value, this.#drag.track(pointer));
  }

  /** A pointer that cannot drag puts the handle where it clicks (WCAG 2.2, 2.5.7). */
  #onRailClick(event: MouseEvent): void {
    if (event.target === this.#handle || this.#handle.contains(event.target as Node)) return;
    const { left, width } = this.rail.getBoundingClientRect();
    this.#moveByKeys(valueAt(event.clientX - left, width, this.#handle.offsetWidth, this.#extent));
    this.focus();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (!event.repeat) this.confirm();
      return;
    }
    const value = valueAfterKey(this.#value, event.key, event.shiftKey, this.#extent);
    if (value === null) return;
    event.preventDefault();
    this.#moveByKeys(value, event.timeStamp);
  }

  #moveByKeys(value: number, atMs = performance.now()): void {
    if (this.#isBusy) return;
    this.#moveTo(value);
    this.#noteKey(atMs);
  }

  #noteKey(atMs: number): void {
    this.#keys.add({ x: this.#value, y: 0, atMs });
  }

  #noteDrag({ clientX, clientY, timeStamp }: PointerEvent): void {
    this.#drag.add({ x: clientX, y: clientY, atMs: timeStamp });
  }

  /** How far the handle can go, CSS pixels. */
  #travel(): number {
    return Math.max(1, this.rail.clientWidth - this.#handle.offsetWidth);
  }

  #moveTo(value: number): void {
    this.#value = Math.min(this.#extent.max, Math.max(0, value));
    this.rail.style.setProperty("--at", String(fraction(this.#value, this.#extent)));
    setAttribute(this.#handle, "aria-valuenow", String(Math.round(this.#value)));
    const percent = percentOf(this.#value, this.#extent);
    setAttribute(this.#handle, "aria-valuetext", this.#texts.percent(percent));
    this.#events.onMove(this.#value);
  }
}
