import type { Puzzle } from "../puzzle.ts";
import { steepestStep, uprightEdges } from "./edges.ts";
import { darkestSquare, oddestSquare } from "./squares.ts";
import { correlation, edgeCorrelation, nearestPixels, outlineFit } from "./templates.ts";

/**
 * Scripts that look for the hole, from the simplest to what a person writes in an afternoon with a library for
 * computer vision. Each gives the place of the piece's left edge.
 */
export const SOLVERS: Readonly<Record<string, (puzzle: Puzzle) => number>> = {
  darkestSquare,
  oddestSquare,
  steepestStep,
  uprightEdges,
  nearestPixels,
  correlation,
  edgeCorrelation,
  outlineFit,
};
