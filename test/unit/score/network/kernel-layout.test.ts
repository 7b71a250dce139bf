import { describe, expect, it } from "vitest";
import { layOut } from "../../../../workers/verify/score/network/kernel-layout.ts";
import type { Network } from "../../../../workers/verify/score/network/network.ts";
import { randomNetwork } from "../../../builders/networks.ts";

/** Two inputs, five outputs, then one: 5 is filled up to 8, and 1 to 4. */
const SMALL: Network = {
  means: new Float32Array(2),
  scales: new Float32Array(2),
  layers: [
    {
      inputs: 2,
      outputs: 5,
      weights: Float32Array.of(11, 12, 21, 22, 31, 32, 41, 42, 51, 52),
      biases: Float32Array.of(10, 20, 30, 40, 50),
    },
    { inputs: 5, outputs: 1, weights: Float32Array.of(1, 2, 3, 4, 5), biases: Float32Array.of(6) },
  ],
};

describe("the memory of the kernel", () => {
  it("holds the weights in the order of use, groups filled up with zeros", () => {
    const { memory, weightsFrom } = layOut(SMALL);
    expect([...new Float32Array(memory, weightsFrom)]).toEqual([
      ...[10, 20, 30, 40, 11, 21, 31, 41, 12, 22, 32, 42],
      ...[50, 0, 0, 0, 51, 0, 0, 0, 52, 0, 0, 0],
      ...[6, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0],
    ]);
  });

  it("says of each layer where it reads and writes, and that the last one is linear", () => {
    const { memory, inputsFrom, layersEnd } = layOut(SMALL);
    const other = inputsFrom + 32;
    expect([...new Uint32Array(memory, 0, 5)]).toEqual([
      ...[inputsFrom, inputsFrom + 8, other, other, other + 32],
    ]);
    expect([...new Uint32Array(memory, 32, 5)]).toEqual([
      ...[other, other + 20, inputsFrom, inputsFrom, inputsFrom + 16],
    ]);
    expect(new Float32Array(memory)[5]).toBe(0);
    expect(new Float32Array(memory)[13]).toBe(Number.NEGATIVE_INFINITY);
    expect(layersEnd).toBe(64);
  });

  it("puts every layer on a boundary of 16 bytes, whatever the sizes", () => {
    for (const sizes of [
      [1, 1],
      [7, 19, 2, 1],
      [61, 33, 1],
    ] as const) {
      const { inputsFrom, layersEnd, weightsFrom } = layOut(randomNetwork(sizes));
      expect([inputsFrom % 16, layersEnd % 16, weightsFrom % 16]).toEqual([0, 0, 0]);
    }
  });
});
