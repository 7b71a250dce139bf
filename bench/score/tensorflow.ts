import { createRequire } from "node:module";
import { dirname } from "node:path";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import type { Forward } from "../../workers/verify/score/network/forward.ts";
import type { Layer, Network } from "../../workers/verify/score/network/network.ts";

export const BACKENDS = ["cpu", "wasm"] as const;
export type Backend = (typeof BACKENDS)[number];

/**
 * The network in TensorFlow.js, a fused operation for each layer. Every call of it must come before the next
 * call of this function, as all of TensorFlow.js uses one backend at a time.
 */
export async function tensorflowForward(network: Network, backend: Backend): Promise<Forward> {
  const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${dirname(entry)}/`);
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend}`);
  await tf.ready();
  const layers = network.layers.map(toTensors);
  const width = network.means.length;
  return (inputs) =>
    tf.tidy(() => {
      const [output] = run(layers, tf.tensor2d(inputs, [1, width])).dataSync();
      return output ?? Number.NaN;
    });
}

interface LayerTensors {
  /** Inputs × outputs. */
  readonly weights: tf.Tensor2D;
  readonly biases: tf.Tensor1D;
}

function toTensors({ inputs, outputs, weights, biases }: Layer): LayerTensors {
  const byRows = tf.tensor2d(weights, [outputs, inputs]);
  const byColumns: tf.Tensor2D = tf.transpose(byRows);
  byRows.dispose();
  return { weights: byColumns, biases: tf.tensor1d(biases) };
}

function run(layers: readonly LayerTensors[], inputs: tf.Tensor): tf.Tensor {
  return layers.reduce(
    (values, { weights, biases }, index) =>
      tf.fused.matMul({
        a: values,
        b: weights,
        bias: biases,
        activation: index < layers.length - 1 ? "relu" : "linear",
      }),
    inputs,
  );
}
