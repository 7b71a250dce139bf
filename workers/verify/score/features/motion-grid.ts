import type { CleanTrack } from "../clean-track.ts";
import { at } from "./numbers.ts";

/** Bins of equal time over the movement. */
export const GRID_BINS = 64;
/** A step much longer than its neighbours is a rest and then a step, as pointers are silent while they rest. */
const REST_FACTOR = 2;

// Where the pointer is at the edges of the bins; valid until the next call.
const gridX = new Float64Array(GRID_BINS + 1);
const gridY = new Float64Array(GRID_BINS + 1);

/** The movement on a clock of its own, so that the device's event rate matters less. */
export interface MotionGrid {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly motionMs: number;
}

/** Resamples a track from its first movement to its last into {@link GRID_BINS} bins. */
export function motionGrid({ x, y, t, count }: CleanTrack): MotionGrid {
  const usualMs = (at(t, count - 1) - at(t, 1)) / (count - 2);
  const restMs = REST_FACTOR * usualMs;
  const startMs = Math.max(0, at(t, 1) - usualMs);
  const motionMs = at(t, count - 1) - startMs;
  let index = 1;
  for (let edge = 0; edge <= GRID_BINS; edge += 1) {
    const now = startMs + (motionMs * edge) / GRID_BINS;
    while (index < count - 1 && at(t, index) < now) index += 1;
    const arrivedMs = at(t, index);
    const leftMs = Math.max(at(t, index - 1), arrivedMs - restMs);
    const done = Math.min(1, Math.max(0, (now - leftMs) / (arrivedMs - leftMs)));
    gridX[edge] = at(x, index - 1) + done * (at(x, index) - at(x, index - 1));
    gridY[edge] = at(y, index - 1) + done * (at(y, index) - at(y, index - 1));
  }
  return { x: gridX, y: gridY, motionMs };
}
