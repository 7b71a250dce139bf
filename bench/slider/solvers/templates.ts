import { at, bestPlace, type Plane, type Puzzle, steepness } from "../puzzle.ts";

/** The place whose pixels are nearest to those of the piece. */
export function nearestPixels(puzzle: Puzzle): number {
  return bestPlace(puzzle, (x) => {
    let sum = 0;
    eachOpaque(puzzle, (column, row) => {
      sum -= Math.abs(
        at(puzzle.piece, column, row) - at(puzzle.picture, x + column, puzzle.top + row),
      );
    });
    return sum;
  });
}

/** The place that correlates best with the piece, whatever the light (normalised cross-correlation). */
export function correlation(puzzle: Puzzle): number {
  return bestPlace(puzzle, (x) => correlated(puzzle, puzzle.piece, puzzle.picture, x));
}

/** The same of edges, as `Canny` and `matchTemplate` of OpenCV are usually put together. */
export function edgeCorrelation(puzzle: Puzzle): number {
  const piece = steepness({ ...puzzle.piece, values: overBlack(puzzle) });
  const picture = steepness(puzzle.picture);
  return bestPlace(puzzle, (x) => correlated(puzzle, piece, picture, x, () => true));
}

/** The place where the picture is steepest along the outline of the piece. */
export function outlineFit(puzzle: Puzzle): number {
  const outline = steepness(puzzle.opacity);
  const picture = steepness(puzzle.picture);
  return bestPlace(puzzle, (x) => {
    let sum = 0;
    for (let row = 0; row < outline.height; row += 1) {
      for (let column = 0; column < outline.width; column += 1) {
        const weight = at(outline, column, row);
        // Only the edge proper: the piece's shadow is faint.
        if (weight > 2) sum += Math.min(200, at(picture, x + column, puzzle.top + row));
      }
    }
    return sum;
  });
}

function correlated(
  puzzle: Puzzle,
  piece: Plane,
  picture: Plane,
  x: number,
  counts = isOpaque,
): number {
  let [count, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < piece.height; row += 1) {
    for (let column = 0; column < piece.width; column += 1) {
      if (!counts(puzzle, column, row)) continue;
      const a = at(piece, column, row);
      const b = at(picture, x + column, puzzle.top + row);
      count += 1;
      sumA += a;
      sumB += b;
      sumAA += a * a;
      sumBB += b * b;
      sumAB += a * b;
    }
  }
  const spread = (sumAA - sumA ** 2 / count) * (sumBB - sumB ** 2 / count);
  return (sumAB - (sumA * sumB) / count) / Math.sqrt(spread + 1);
}

function eachOpaque(puzzle: Puzzle, visit: (column: number, row: number) => void): void {
  for (let row = 0; row < puzzle.piece.height; row += 1) {
    for (let column = 0; column < puzzle.piece.width; column += 1) {
      if (isOpaque(puzzle, column, row)) visit(column, row);
    }
  }
}

function isOpaque({ opacity }: Puzzle, column: number, row: number): boolean {
  return at(opacity, column, row) > 0.99;
}

function overBlack({ piece, opacity }: Puzzle): Float32Array {
  return piece.values.map((value, pixel) => value * (opacity.values[pixel] ?? 0));
}
