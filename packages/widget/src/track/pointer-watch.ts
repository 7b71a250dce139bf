import type { PointerKind, Track } from "@sluice/protocol";
import { type Sample, TrackRecorder } from "./track-recorder.ts";

/** Movements further from a box than this are not its business, CSS pixels. */
const NEAR = 400;
/** A click that no pointer and no key led to within this time was made by an aid. */
const RECENT_MS = 1_000;

/** An area of the page. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Of a pointer event or a key event, what the watch looks at. */
interface InputEvent {
  readonly timeStamp: number;
  readonly type: string;
}
interface MovedPointer extends InputEvent {
  readonly clientX: number;
  readonly clientY: number;
  readonly pointerType: string;
}

/**
 * Watches how a page's pointer moves and when keys go down, for as long as the page has widgets; of keys it
 * keeps the times alone, never which they were. What it keeps stays in memory until a visitor ticks a box.
 */
export class PointerWatch {
  #moves = new TrackRecorder();
  #keys = new TrackRecorder();
  #pointer: PointerKind = "mouse";
  #lastDownMs = Number.NEGATIVE_INFINITY;
  #lastKeyMs = Number.NEGATIVE_INFINITY;

  /** Listens from now on. */
  start(target: EventTarget): void {
    const options = { passive: true, capture: true };
    for (const type of ["pointermove", "pointerdown", "pointerup"]) {
      target.addEventListener(type, (event) => this.onPointer(event as PointerEvent), options);
    }
    target.addEventListener("keydown", (event) => this.onKey(event), options);
  }

  onPointer({ type, clientX, clientY, timeStamp, pointerType }: MovedPointer): void {
    const pointer = kindOf(pointerType);
    // A hand that changes from mouse to touch begins a new way.
    if (pointer !== this.#pointer) this.#moves.clear();
    this.#pointer = pointer;
    if (type === "pointerdown") this.#lastDownMs = timeStamp;
    this.#moves.add({ x: clientX, y: clientY, atMs: timeStamp });
  }

  onKey({ timeStamp }: InputEvent): void {
    this.#lastKeyMs = timeStamp;
    this.#keys.add({ x: 0, y: 0, atMs: timeStamp });
  }

  /** How the visitor came to an area that was just clicked, by whatever was used last. */
  trackTo(area: Area, nowMs: number = performance.now()): Track | null {
    const byPointer = this.#lastDownMs >= this.#lastKeyMs && nowMs - this.#lastDownMs <= RECENT_MS;
    return byPointer
      ? this.#moves.track(this.#pointer, (sample) => isNear(sample, area))
      : this.#keys.track("keyboard");
  }

  /** How the pointer moved of late anywhere on the page; null when it did not. */
  track(): Track | null {
    return this.#moves.track(this.#pointer);
  }
}

function kindOf(pointerType: string): PointerKind {
  return pointerType === "touch" || pointerType === "pen" ? pointerType : "mouse";
}

function isNear({ x, y }: Sample, { left, top, right, bottom }: Area): boolean {
  return x >= left - NEAR && x <= right + NEAR && y >= top - NEAR && y <= bottom + NEAR;
}
