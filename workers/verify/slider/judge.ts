import { X_MAX, X_MIN } from "./geometry.ts";

/**
 * How far from the hole the piece may be left, in pixels of the picture, which is 320 wide. A thumb on a
 * small telephone is within two or three; arrow keys that move by 4 never step over the hole.
 */
export const TOLERANCE = 4;

/** How often a blind guess of a whole pixel is right at best: 9 of the 193 places. */
export const BLIND_GUESS = (2 * TOLERANCE + 1) / (X_MAX - X_MIN + 1);

/** Whether the piece's left edge was left where the hole is. An answer that is no number is wrong. */
export function isRightPlace(x: number, answer: number): boolean {
  return Math.abs(answer - x) <= TOLERANCE;
}
