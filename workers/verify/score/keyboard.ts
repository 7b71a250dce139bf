import { type TrackPoint, VERIFY_LIMITS } from "@sluice/protocol";
import type { Score, ScoreReason } from "./score.ts";

/** The most that keys alone can earn: there is little in them that a script could not send. */
const BEST = 0.8;
/** Each fault of a keyboard track divides what is left of its value. */
const FAULT_FACTOR = 0.25;

/** Fingers do not press one key after the other faster than this; a key that is held repeats faster. */
const FASTEST_PRESS_MS = 35;
/** No system repeats a held key faster than this on the average. */
const FASTEST_REPEAT_MS = 12;
/** The first repeat of a held key comes late, on every system by default 250 ms or more. */
const REPEAT_DELAY_MS = 180;
/** Presses that vary less than this part of their mean are a timer's, not a finger's. */
const LEAST_VARIATION = 0.06;
/** Too few to say anything of their rhythm. */
const FEW_PRESSES = 4;
/** Keys move a slider by one step or by a page; a slider that moves by many sizes is not moved by keys. */
const MOST_STEP_SIZES = 3;

/**
 * Judges a track of keys by rules: whether the times can be a finger's, alone or holding a key down, and
 * whether the steps can be a slider's. x is the slider's value after each key.
 */
export function scoreKeys(points: readonly TrackPoint[]): Score {
  const keys = points.slice(0, VERIFY_LIMITS.trackPoints);
  if (!areInOrder(keys)) return { value: 0, reasons: ["malformed"] };
  if (keys.length < 2) return { value: 0, reasons: ["too_short"] };
  const reasons = faults(keys);
  return { value: BEST * FAULT_FACTOR ** reasons.length, reasons };
}

function areInOrder(keys: readonly TrackPoint[]): boolean {
  return keys.every(([x, , t], index) => {
    const before = keys[index - 1]?.[2] ?? t;
    return Number.isFinite(x) && Number.isFinite(t) && t >= before;
  });
}

function faults(keys: readonly TrackPoint[]): ScoreReason[] {
  const gaps = keys.slice(1).map(([, , t], index) => t - (keys[index]?.[2] ?? t));
  const { presses, repeats } = splitHeld(gaps);
  const found: ScoreReason[] = [];
  if (tooFast(presses, FASTEST_PRESS_MS) || tooFast(repeats, FASTEST_REPEAT_MS)) {
    found.push("keys_too_fast");
  }
  if (presses.length >= FEW_PRESSES && variation(presses) < LEAST_VARIATION) {
    found.push("keys_too_regular");
  }
  if (stepSizes(keys) > MOST_STEP_SIZES) found.push("keys_implausible");
  return found;
}

/** Gaps within runs of a held key, and all others. A run starts with a long gap and goes on with short ones. */
function splitHeld(gaps: readonly number[]): { presses: number[]; repeats: number[] } {
  const presses: number[] = [];
  const repeats: number[] = [];
  let held = false;
  gaps.forEach((gap, index) => {
    const next = gaps[index + 1] ?? gap;
    held = held ? gap < REPEAT_DELAY_MS : gap >= REPEAT_DELAY_MS && next < REPEAT_DELAY_MS / 2;
    (held && gap < REPEAT_DELAY_MS ? repeats : presses).push(gap);
  });
  return { presses, repeats };
}

function tooFast(gaps: readonly number[], fastestMs: number): boolean {
  return gaps.length > 0 && mean(gaps) < fastestMs;
}

function variation(gaps: readonly number[]): number {
  const middle = mean(gaps);
  const square = mean(gaps.map((gap) => (gap - middle) ** 2));
  return middle > 0 ? Math.sqrt(square) / middle : 0;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function stepSizes(keys: readonly TrackPoint[]): number {
  const sizes = keys
    .slice(1)
    .map(([x], index) => Math.abs(x - (keys[index]?.[0] ?? x)))
    .filter((size) => size > 0);
  return new Set(sizes.map((size) => Math.round(size * 100))).size;
}
