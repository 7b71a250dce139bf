import { INPUT_LIMIT } from "../../workers/verify/score/network/network.ts";

/** What brings features to mean 0 and deviation 1. */
export interface StandardScale {
  readonly means: Float32Array;
  readonly scales: Float32Array;
}

/** A feature that hardly varies is not blown up beyond this. */
const LEAST_DEVIATION = 1e-3;

export function standardScale(rows: readonly Float32Array[]): StandardScale {
  const width = rows[0]?.length ?? 0;
  const means = new Float32Array(width);
  const scales = new Float32Array(width);
  for (let column = 0; column < width; column += 1) {
    const values = rows.map((row) => row[column] ?? 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    means[column] = mean;
    scales[column] = 1 / (Math.sqrt(square) + LEAST_DEVIATION);
  }
  return { means, scales };
}

/** Rows behind each other, scaled as the network will scale them. */
export function scaledMatrix(
  rows: readonly Float32Array[],
  { means, scales }: StandardScale,
): Float32Array {
  const width = means.length;
  const matrix = new Float32Array(rows.length * width);
  rows.forEach((row, index) => {
    for (let column = 0; column < width; column += 1) {
      const scaled = ((row[column] ?? 0) - (means[column] ?? 0)) * (scales[column] ?? 0);
      matrix[index * width + column] = Math.min(INPUT_LIMIT, Math.max(-INPUT_LIMIT, scaled));
    }
  });
  return matrix;
}
