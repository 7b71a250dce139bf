import type { TrackSketch } from "./rpc.ts";

/** Numbers of a sketch for each point: x, y and t. */
const NUMBERS = 3;
/** With fewer points than this two movements cannot be told apart. */
const MIN_POINTS = 6;
/** A replay fits another slider and another pace by this much at most; a little beyond what was measured. */
const SPACE_FACTORS = { least: 0.7, most: 1.42 };
const TIME_FACTORS = { least: 0.74, most: 1.36 };
/** A jitter of one pixel at both ends, and rounding. */
const SPACE_TOLERANCE_PX = 2.3;
/** Rounding of three times. */
const TIME_TOLERANCE_MS = 1.6;
/** Share of the points that may be off: one jitter in ten comes to more than the tolerance. */
const STRAY_SHARE = 0.1;

/**
 * Whether one movement is the other used again: cut off, moved by a pixel here and there, larger or smaller,
 * quicker or slower. Compares point by point what both have, after fitting one factor for space and one for
 * time. Two movements of people, even of one person, differ in when their points come, to the millisecond.
 */
export function isSameMovement(earlier: TrackSketch, later: TrackSketch): boolean {
  const points = Math.min(earlier.length, later.length) / NUMBERS;
  if (points < MIN_POINTS) return false;
  const allowed = Math.floor(points * STRAY_SHARE);
  return (
    isSameTiming(earlier, later, points, allowed) && isSameWay(earlier, later, points, allowed)
  );
}

function isSameTiming(a: TrackSketch, b: TrackSketch, points: number, allowed: number): boolean {
  const last = (points - 1) * NUMBERS + 2;
  const factor = at(b, last) / at(a, last);
  if (!isWithin(factor, TIME_FACTORS)) return false;
  let strays = 0;
  for (let index = 2; index <= last; index += NUMBERS) {
    const off = Math.abs(at(b, index) - factor * at(a, index));
    if (off > TIME_TOLERANCE_MS) strays += 1;
    if (strays > allowed) return false;
  }
  return true;
}

function isSameWay(a: TrackSketch, b: TrackSketch, points: number, allowed: number): boolean {
  const factor = spaceFactor(a, b, points);
  if (!isWithin(factor, SPACE_FACTORS)) return false;
  let strays = 0;
  for (let index = 0; index < points * NUMBERS; index += NUMBERS) {
    const offX = Math.abs(at(b, index) - factor * at(a, index));
    const offY = Math.abs(at(b, index + 1) - factor * at(a, index + 1));
    if (Math.max(offX, offY) > SPACE_TOLERANCE_PX) strays += 1;
    if (strays > allowed) return false;
  }
  return true;
}

/** The least-squares factor between the two ways along x. */
function spaceFactor(a: TrackSketch, b: TrackSketch, points: number): number {
  let both = 0;
  let own = 0;
  for (let index = 0; index < points * NUMBERS; index += NUMBERS) {
    both += at(a, index) * at(b, index);
    own += at(a, index) ** 2;
  }
  return both / own;
}

/** Written so that what is no number is not within. */
function isWithin(factor: number, { least, most }: typeof SPACE_FACTORS): boolean {
  return factor >= least && factor <= most;
}

function at(sketch: TrackSketch, index: number): number {
  return sketch[index] ?? 0;
}
