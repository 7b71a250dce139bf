import { at, bestPlace, type Puzzle } from "../puzzle.ts";

/** The side of a window that lies within a piece, and its distance from the box's border. */
const SIDE = 30;
const INSET = 15;
const RING = 8;

/** The darkest square at the piece's height. */
export function darkestSquare(puzzle: Puzzle): number {
  return bestPlace(puzzle, (x) => -squareMean(puzzle, x, 0));
}

/** The square that differs most from what is around it, lighter or darker. */
export function oddestSquare(puzzle: Puzzle): number {
  return bestPlace(puzzle, (x) => {
    const inside = squareMean(puzzle, x, 0);
    const wide = squareMean(puzzle, x, RING);
    return Math.abs(inside - wide);
  });
}

function squareMean({ picture, top }: Puzzle, x: number, more: number): number {
  const side = SIDE + 2 * more;
  let sum = 0;
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      sum += at(picture, x + INSET - more + column, top + INSET - more + row);
    }
  }
  return sum / side ** 2;
}
