import { type Layer, type Network, widest } from "./network.ts";

/** Runs a network on scaled inputs; returns its one output, a logit. Not for use by two callers at once. */
export type Forward = (inputs: Float32Array) => number;

/** The network in plain typed-array code, with its buffers made once. */
export function plainForward(network: Network): Forward {
  const width = widest(network);
  const buffers = [new Float32Array(width), new Float32Array(width)] as const;
  const last = network.layers.length - 1;
  return (inputs) => {
    let from = inputs;
    network.layers.forEach((layer, index) => {
      const to = buffers[index % 2 === 0 ? 0 : 1];
      runLayer(layer, from, to, index < last);
      from = to;
    });
    return from[0] ?? 0;
  };
}

function runLayer(layer: Layer, from: Float32Array, to: Float32Array, rectify: boolean): void {
  const { inputs, outputs, weights, biases } = layer;
  let at = 0;
  for (let output = 0; output < outputs; output += 1) {
    let sum = biases[output] ?? 0;
    for (let input = 0; input < inputs; input += 1) {
      sum += (weights[at] ?? 0) * (from[input] ?? 0);
      at += 1;
    }
    to[output] = rectify && sum < 0 ? 0 : sum;
  }
}
