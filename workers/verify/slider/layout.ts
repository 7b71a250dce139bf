import type { Draws } from "./draws.ts";
import { BOX, TOP_MAX, TOP_MIN, WIDTH, X_MAX, X_MIN } from "./geometry.ts";
import { drawJigsaw, drawOtherShape, type Outline } from "./outline.ts";

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
const SECOND_DECOY = 0.6;

/** Where the hole is, evenly over its range, and decoys where there is room beside it. */
export function drawLayout(draws: Draws): Layout {
  const top = draws.whole(TOP_MIN, TOP_MAX);
  const hole = { x: draws.whole(X_MIN, X_MAX), top, outline: drawJigsaw(draws) };
  const near = clamp(top + draws.whole(-SAME_ROW, SAME_ROW));
  const decoys = [place(draws, [hole], near, drawOtherShape(draws))];
  if (draws.chance(SECOND_DECOY)) {
    decoys.push(place(draws, [hole, ...decoys], otherRow(draws, top), hole.outline));
  }
  return { hole, decoys: decoys.filter((decoy) => decoy !== null) };
}

/** A cut anywhere beside the others, or null where there is no room. */
function place(
  draws: Draws,
  others: readonly (Cut | null)[],
  top: number,
  outline: Outline,
): Cut | null {
  const free: number[] = [];
  for (let x = DECOY_MIN; x <= DECOY_MAX; x += 1) {
    if (others.every((other) => other === null || Math.abs(other.x - x) >= APART)) free.push(x);
  }
  const x = free[draws.whole(0, free.length - 1)];
  return x === undefined ? null : { x, top, outline };
}

function otherRow(draws: Draws, top: number): number {
  const rows = [];
  for (let row = TOP_MIN; row <= TOP_MAX; row += 1) {
    if (Math.abs(row - top) >= OTHER_ROW) rows.push(row);
  }
  return rows[draws.whole(0, rows.length - 1)] ?? TOP_MIN;
}

function clamp(top: number): number {
  return Math.min(TOP_MAX, Math.max(TOP_MIN, top));
}
