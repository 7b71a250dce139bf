/** One fully connected layer: `outputs × inputs` weights, a row for each output. */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

/** A feed-forward network with rectified hidden layers and one linear output, and the scale of its inputs. */
export interface Network {
  /** Subtracted from each input. */
  readonly means: Float32Array;
  /** Multiplied with what is left. */
  readonly scales: Float32Array;
  readonly layers: readonly Layer[];
}

/** Scaled inputs are held to this, so that a value that no training track had cannot decide alone. */
export const INPUT_LIMIT = 4;

/** Brings inputs to the network's scale, into `out`. */
export function scaleInputs(
  { means, scales }: Network,
  features: Float32Array,
  out: Float32Array,
): void {
  for (let index = 0; index < means.length; index += 1) {
    const scaled = ((features[index] ?? 0) - (means[index] ?? 0)) * (scales[index] ?? 0);
    out[index] = Math.min(INPUT_LIMIT, Math.max(-INPUT_LIMIT, scaled));
  }
}

/** How many numbers a layer of the network takes or gives at most. */
export function widest({ layers }: Network): number {
  return Math.max(...layers.map(({ inputs, outputs }) => Math.max(inputs, outputs)));
}
