import type { Track, TrackPoint } from "@sluice/protocol";
import { type Doubt, type Weighed, weigh } from "./weigh.ts";

/** What a way to a box can be doubted for. */
export type ApproachReason =
  | "no_approach"
  | "too_quick"
  | "straight_line"
  | "even_speed"
  | "even_times"
  | "keys_too_fast";

/** A mouse shows most of a hand; a tap shows little, a key least. */
const BEST = { mouse: 0.9, touch: 0.75, pen: 0.75, keyboard: 0.7 } as const;
/** A mouse that came to a box was seen at more places than the press alone. */
const MIN_PLACES = 4;
/** From the first point to the press; a finger stays down about as long. */
const MIN_MOUSE_MS = 60;
const MIN_TAP_MS = 15;
/** Over this way a hand leaves the straight line by a pixel at least. */
const LONG_PX = 60;
const MIN_BEND_PX = 1;
/** Of the steps' speeds, deviation by mean: a hand speeds up and slows down. */
const MIN_SPEED_VARIATION = 0.1;
/** Fewer steps say nothing of their evenness. */
const MIN_STEPS = 6;
/** Times to the millisecond that differ by less come from a timer. Some browsers round them so: a weak sign. */
const MAX_EVEN_MS = 0.5;
/** Fingers do not press key after key faster than this on the average. */
const MIN_KEY_GAP_MS = 35;

/** Whether a track shows at all how a box was pressed. */
export function showsPress(track: Track | null): track is Track {
  return track !== null && track.points.length > 0;
}

/**
 * Judges how a pointer came to a box, or a key to it, by rules that explain themselves. The last point is
 * the press.
 */
export function weighApproach({ pointer, points }: Track): Weighed<ApproachReason> {
  return weigh(BEST[pointer], doubtsOf(pointer, points));
}

function doubtsOf(pointer: Track["pointer"], points: readonly TrackPoint[]) {
  switch (pointer) {
    case "mouse":
      return doubtsOfMouse(points);
    case "touch":
    case "pen":
      return doubtsOfTap(points);
    case "keyboard":
      return doubtsOfKeys(points);
  }
}

function doubtsOfMouse(points: readonly TrackPoint[]): Doubt<ApproachReason>[] {
  const doubts: Doubt<ApproachReason>[] = [];
  if (new Set(points.map(([x, y]) => `${x} ${y}`)).size < MIN_PLACES) {
    doubts.push(["no_approach", 0.4]);
  }
  if (durationMs(points) < MIN_MOUSE_MS) doubts.push(["too_quick", 0.4]);
  if (isStraight(points)) doubts.push(["straight_line", 0.7]);
  const steps = stepsOf(points);
  if (steps.length < MIN_STEPS) return doubts;
  if (variation(steps.map(({ px, ms }) => px / ms)) < MIN_SPEED_VARIATION) {
    doubts.push(["even_speed", 0.6]);
  }
  if (spread(steps.map(({ ms }) => ms)) < MAX_EVEN_MS) doubts.push(["even_times", 0.9]);
  return doubts;
}

function doubtsOfTap(points: readonly TrackPoint[]): Doubt<ApproachReason>[] {
  return points.length < 2 || durationMs(points) < MIN_TAP_MS ? [["too_quick", 0.5]] : [];
}

function doubtsOfKeys(points: readonly TrackPoint[]): Doubt<ApproachReason>[] {
  const gaps = points.length - 1;
  return gaps > 0 && durationMs(points) / gaps < MIN_KEY_GAP_MS ? [["keys_too_fast", 0.4]] : [];
}

function durationMs(points: readonly TrackPoint[]): number {
  return (points.at(-1)?.[2] ?? 0) - (points[0]?.[2] ?? 0);
}

/** Steps that took a time and led somewhere. */
function stepsOf(points: readonly TrackPoint[]): { readonly px: number; readonly ms: number }[] {
  return points
    .slice(1)
    .map(([x, y, t], index) => {
      const [fromX, fromY, fromT] = points[index] ?? [x, y, t];
      return { px: Math.hypot(x - fromX, y - fromY), ms: t - fromT };
    })
    .filter(({ px, ms }) => px > 0 && ms > 0);
}

/** Whether every point is within a pixel of the line from the first to the last, over a way that is long. */
function isStraight(points: readonly TrackPoint[]): boolean {
  const [x0, y0] = points[0] ?? [0, 0];
  const [x1, y1] = points.at(-1) ?? [0, 0];
  const [dx, dy] = [x1 - x0, y1 - y0];
  const way = Math.hypot(dx, dy);
  if (way < LONG_PX) return false;
  return points.every(([x, y]) => Math.abs(dx * (y - y0) - dy * (x - x0)) / way < MIN_BEND_PX);
}

/** Standard deviation as a part of the mean. */
function variation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return Math.sqrt(square) / mean;
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
