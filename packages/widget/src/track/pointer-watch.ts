import type { PointerKind, Track } from "@sluice/protocol";
import { type Sample, TrackRecorder } from "./track-recorder.ts";

/** Movements further from a box than this are not its business, CSS pixels. */
const NEAR = 400;
/** A click that no pointer and no key led to within this time was made by an aid. */
const RECENT_MS = 1_000;

/** What is known of a click that an aid made. */
const PRESSED_BY_AID: Track = { pointer: "keyboard", points: [[0, 0, 0]] };

export const ANYWHERE: Area = {
  left: Number.NEGATIVE_INFINITY,
  top: Number.NEGATIVE_INFINITY,
  right: Number.POSITIVE_INFINITY,
  bottom: Number.POSITIVE_INFINITY,
};

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
interface PressedKey extends InputEvent {
  /** Held down. */
  readonly repeat: boolean;
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
    target.addEventListener("keydown", (event) => this.onKey(event as KeyboardEvent), options);
  }

  onPointer({ type, clientX, clientY, timeStamp, pointerType }: MovedPointer): void {
    const pointer = kindOf(pointerType);
    // A hand that changes from mouse to touch begins a new way, and so does each touch.
    const begins = type === "pointerdown" && pointer !== "mouse";
    if (pointer !== this.#pointer || begins) this.#moves.clear();
    this.#pointer = pointer;
    if (type === "pointerdown") this.#lastDownMs = timeStamp;
    this.#moves.add({ x: clientX, y: clientY, atMs: timeStamp });
  }

  onKey({ timeStamp, repeat }: PressedKey): void {
    if (repeat) return;
    this.#lastKeyMs = timeStamp;
    this.#keys.add({ x: 0, y: 0, atMs: timeStamp });
  }

  /** How the visitor came to what was just pressed, near an area, by whatever was used last. */
  trackTo(area: Area, nowMs: number = performance.now()): Track {
    const isRecent = nowMs - Math.max(this.#lastDownMs, this.#lastKeyMs) <= RECENT_MS;
    const track =
      this.#lastDownMs >= this.#lastKeyMs
        ? this.#moves.track(this.#pointer, (sample) => isNear(sample, area))
        : this.#keys.track("keyboard");
    return isRecent && track !== null ? track : PRESSED_BY_AID;
  }
}

function kindOf(pointerType: string): PointerKind {
  return pointerType === "touch" || pointerType === "pen" ? pointerType : "mouse";
}

function isNear({ x, y }: Sample, { left, top, right, bottom }: Area): boolean {
  return x >= left - NEAR && x <= right + NEAR && y >= top - NEAR && y <= bottom + NEAR;
}
