import type { Draws } from "./draws.ts";
import { BOX, TOP_MAX, TOP_MIN, WIDTH, X_MAX, X_MIN } from "./geometry.ts";
import { drawJigsaw, drawOtherShape, drawSides, type Outline, opposite } from "./outline.ts";

/** A shape to be cut out: its outline, and where its box is. */
export interface Cut {
  readonly x: number;
  readonly top: number;
  readonly outline: Outline;
}

export interface Layout {
  readonly hole: Cut;
  /** Holes in which the piece does not fit: one or two. */
  readonly decoys: readonly Cut[];
}

/** Between the left edges of two holes: boxes may overlap where nothing is cut. */
const APART = BOX - 6;
const DECOY_MIN = BOX - 4;
const DECOY_MAX = WIDTH - BOX - 2;
/** A decoy of another shape lies about as high as the hole. */
const SAME_ROW = 8;
/** One of the same shape lies so much higher or lower that it is no place for the piece. */
const OTHER_ROW = 28;
const SECOND_DECOY = 0.7;

/** Where the hole is, evenly over its range, and decoys where there is room beside it. */
export function drawLayout(draws: Draws): Layout {
  const top = draws.whole(TOP_MIN, TOP_MAX);
  const sides = drawSides(draws);
  const hole = { x: draws.whole(X_MIN, X_MAX), top, outline: drawJigsaw(draws, sides) };
  const unlike = draws.chance(0.5) ? drawJigsaw(draws, opposite(sides)) : drawOtherShape(draws);
  const cuts = [hole];
  place(draws, cuts, sameRow(draws, top), unlike);
  if (draws.chance(SECOND_DECOY)) {
    if (draws.chance(0.5)) place(draws, cuts, otherRow(draws, top), hole.outline);
    else place(draws, cuts, sameRow(draws, top), drawOtherShape(draws));
  }
  return { hole, decoys: cuts.slice(1) };
}

/** Adds a cut anywhere beside the others, if there is room. */
function place(draws: Draws, cuts: Cut[], top: number, outline: Outline): void {
  const free: number[] = [];
  for (let x = DECOY_MIN; x <= DECOY_MAX; x += 1) {
    if (cuts.every((cut) => Math.abs(cut.x - x) >= APART)) free.push(x);
  }
  const x = free[draws.whole(0, free.length - 1)];
  if (x !== undefined) cuts.push({ x, top, outline });
}

function sameRow(draws: Draws, top: number): number {
  return Math.min(TOP_MAX, Math.max(TOP_MIN, top + draws.whole(-SAME_ROW, SAME_ROW)));
}

function otherRow(draws: Draws, top: number): number {
  const rows = [];
  for (let row = TOP_MIN; row <= TOP_MAX; row += 1) {
    if (Math.abs(row - top) >= OTHER_ROW) rows.push(row);
  }
  return rows[draws.whole(0, rows.length - 1)] ?? TOP_MIN;
}
