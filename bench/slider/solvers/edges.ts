import { at, bestPlace, type Puzzle } from "../puzzle.ts";

/** Where the straight sides of a piece are in its box. */
const LEFT_SIDE = 11;
const RIGHT_SIDE = 49;
const MIDDLE_ROW = 30;

/** The greatest step along the single row through the piece's middle, taken for its left side. */
export function steepestStep(puzzle: Puzzle): number {
  return bestPlace(puzzle, (x) => step(puzzle, x + LEFT_SIDE, MIDDLE_ROW));
}

/** Two upright edges as far apart as a piece is wide, over all of its height. */
export function uprightEdges(puzzle: Puzzle): number {
  return bestPlace(puzzle, (x) => {
    let sum = 0;
    for (let row = LEFT_SIDE; row < RIGHT_SIDE; row += 1) {
      sum += step(puzzle, x + LEFT_SIDE, row) + step(puzzle, x + RIGHT_SIDE, row);
    }
    return sum;
  });
}

function step({ picture, top }: Puzzle, x: number, row: number): number {
  return Math.abs(at(picture, x, top + row) - at(picture, x - 1, top + row));
}
