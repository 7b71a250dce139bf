import { decodeBase64url } from "../../../keys/base64url.ts";
import type { Layer, Network } from "./network.ts";

/** Changes when the meaning of a field does. */
export const MODEL_FORMAT = 1;

/** A trained score as it is kept in the project; written by `npm run model:train`. */
export interface ModelFile {
  readonly format: number;
  /** Of the features that it was trained on. */
  readonly featureVersion: number;
  /** Numbers of inputs, of each hidden layer's outputs, and 1. */
  readonly sizes: readonly number[];
  /** A value below this is refused. */
  readonly threshold: number;
  /** The value is the logistic function of `slope · logit + offset`. */
  readonly calibration: { readonly slope: number; readonly offset: number };
  /** Little-endian 32-bit floats in base64url: means, scales, then each layer's weights by rows and its biases. */
  readonly parameters: string;
}

/** The network of a model file. Throws where the file does not fit itself: it is part of the code. */
export function readNetwork({ sizes, parameters }: ModelFile): Network {
  const bytes = decodeBase64url(parameters) ?? new Uint8Array();
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  let at = 0;
  const take = (count: number): Float32Array => {
    at += count;
    return values.slice(at - count, at);
  };
  const inputs = sizes[0] ?? 0;
  const means = take(inputs);
  const scales = take(inputs);
  const layers = sizes.slice(1).map((outputs, index): Layer => {
    const width = sizes[index] ?? 0;
    return { inputs: width, outputs, weights: take(width * outputs), biases: take(outputs) };
  });
  if (at !== values.length) throw new RangeError("the parameters do not fit the sizes");
  return { means, scales, layers };
}
