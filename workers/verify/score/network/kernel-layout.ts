import { type Layer, type Network, widest } from "./network.ts";

const WORD_BYTES = 4;
/** A layer's description: five addresses, the floor of its outputs, and two words that keep the rest aligned. */
const DESCRIPTION_WORDS = 8;
/** Outputs that the kernel computes together, and those of what is left; a layer is filled up to the latter. */
const WIDE = 16;
const NARROW = 4;

/** The kernel's memory before its first run, and where in it to find what; addresses are in bytes. */
export interface KernelLayout {
  readonly memory: ArrayBuffer;
  /** The descriptions of the layers end here; they start at 0. */
  readonly layersEnd: number;
  readonly inputsFrom: number;
  readonly weightsFrom: number;
}

/**
 * Lays a network out as kernel.wat reads it: descriptions of the layers, two buffers that the layers use in
 * turn, and the weights in the order in which the kernel comes to them.
 */
export function layOut(network: Network): KernelLayout {
  const { layers } = network;
  const bufferWords = filledUp(widest(network));
  const buffersFrom = layers.length * DESCRIPTION_WORDS;
  const weightsFrom = buffersFrom + 2 * bufferWords;
  const weightWords = layers.reduce((sum, layer) => sum + wordsOf(layer), 0);
  const memory = new ArrayBuffer((weightsFrom + weightWords) * WORD_BYTES);
  layers.forEach((layer, index) => {
    const from = buffersFrom + (index % 2) * bufferWords;
    const to = buffersFrom + ((index + 1) % 2) * bufferWords;
    describe(memory, index, { layer, from, to, rectify: index < layers.length - 1 });
  });
  fillWeights(layers, new Float32Array(memory, weightsFrom * WORD_BYTES));
  return {
    memory,
    layersEnd: buffersFrom * WORD_BYTES,
    inputsFrom: buffersFrom * WORD_BYTES,
    weightsFrom: weightsFrom * WORD_BYTES,
  };
}

function filledUp(outputs: number): number {
  return Math.ceil(outputs / NARROW) * NARROW;
}

/** Of a layer's biases and weights. */
function wordsOf({ inputs, outputs }: Layer): number {
  return (inputs + 1) * filledUp(outputs);
}

/** A layer and the words at which its inputs and outputs start. */
interface Place {
  readonly layer: Layer;
  readonly from: number;
  readonly to: number;
  readonly rectify: boolean;
}

/** The order of the words is the kernel's. */
function describe(memory: ArrayBuffer, index: number, { layer, from, to, rectify }: Place): void {
  const at = index * DESCRIPTION_WORDS * WORD_BYTES;
  const outputs = filledUp(layer.outputs);
  const ends = [from, from + layer.inputs, to, to + outputs - (outputs % WIDE), to + outputs];
  new Uint32Array(memory, at).set(ends.map((word) => word * WORD_BYTES));
  new Float32Array(memory, at)[ends.length] = rectify ? 0 : Number.NEGATIVE_INFINITY;
}

/** For each group of outputs its biases, then for each input the group's weights. */
function fillWeights(layers: readonly Layer[], words: Float32Array): void {
  let at = 0;
  for (const { inputs, outputs, weights, biases } of layers) {
    for (let first = 0, group = 0; first < outputs; first += group) {
      group = filledUp(outputs) - first >= WIDE ? WIDE : NARROW;
      // What fills a group up stays 0.
      const real = Math.min(group, outputs - first);
      for (let output = 0; output < real; output += 1) {
        const row = first + output;
        words[at + output] = biases[row] ?? 0;
        for (let input = 0; input < inputs; input += 1) {
          words[at + (input + 1) * group + output] = weights[row * inputs + input] ?? 0;
        }
      }
      at += (inputs + 1) * group;
    }
  }
}
