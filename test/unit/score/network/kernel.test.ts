import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { assembleKernel, KERNEL_FILE } from "../../../../scripts/assemble-kernel.ts";
import { NETWORK } from "../../../../workers/verify/score/model.ts";
import { plainForward } from "../../../../workers/verify/score/network/forward.ts";
import type { Network } from "../../../../workers/verify/score/network/network.ts";
import { simdForward } from "../../../../workers/verify/score/network/simd-forward.ts";
import { randomInputs, randomNetwork, shippedInputs } from "../../../builders/networks.ts";

const TOLERANCE = 1e-5;
/** Odd and even widths, each remainder of 4 and 16, one layer to five, and the sizes that are shipped or may be. */
const SHAPES: readonly (readonly number[])[] = [
  [1, 1],
  [3, 2, 1],
  [5, 17, 3, 1],
  [7, 15, 16, 1],
  [16, 31, 33, 2, 1],
  [61, 32, 16, 1],
  [61, 64, 32, 1],
  [61, 32, 16, 8, 1],
  [63, 48, 20, 12, 6, 1],
  [128, 64, 32],
  [256, 128, 64, 1],
];

let kernel: WebAssembly.Module;
beforeAll(async () => {
  kernel = await WebAssembly.compile(await readFile(KERNEL_FILE));
});

const inputsOf = ({ means }: Network, count: number) => randomInputs(means.length, count);

it("the kernel that is kept is what its source assembles to", async () => {
  expect(Buffer.from(await assembleKernel()).equals(await readFile(KERNEL_FILE))).toBe(true);
});

describe("the kernel computes what plain TypeScript does", () => {
  it.each(SHAPES.map((sizes) => ({ sizes, name: sizes.join("-") })))("for $name", ({ sizes }) => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const network = randomNetwork(sizes, seed);
      const plain = plainForward(network);
      const simd = simdForward(kernel, network);
      for (const inputs of inputsOf(network, 20)) {
        const expected = plain(inputs);
        const slack = TOLERANCE * Math.max(1, Math.abs(expected));
        expect(Math.abs(simd(inputs) - expected)).toBeLessThanOrEqual(slack);
      }
    }
  });

  it("for the network that is shipped", () => {
    const plain = plainForward(NETWORK);
    const simd = simdForward(kernel, NETWORK);
    for (const inputs of shippedInputs()) {
      const expected = plain(inputs);
      const slack = TOLERANCE * Math.max(1, Math.abs(expected));
      expect(Math.abs(simd(inputs) - expected)).toBeLessThanOrEqual(slack);
    }
  });

  it("when a network has weights of very different sizes", () => {
    const network = randomNetwork([64, 32, 1], 3);
    const [first] = network.layers;
    first?.weights.forEach((weight, at, weights) => {
      weights[at] = weight * 10 ** ((at % 7) - 3);
    });
    const plain = plainForward(network);
    const simd = simdForward(kernel, network);
    for (const inputs of inputsOf(network, 50)) {
      const expected = plain(inputs);
      expect(Math.abs(simd(inputs) / expected - 1)).toBeLessThan(1e-3);
    }
  });
});

describe("a run of the kernel", () => {
  it("leaves nothing behind for the next", () => {
    const network = randomNetwork([13, 9, 5, 1]);
    const simd = simdForward(kernel, network);
    const inputs = inputsOf(network, 8);
    const first = inputs.map(simd);
    simd(new Float32Array(13).fill(Number.NaN));
    expect(inputs.toReversed().map(simd).toReversed()).toEqual(first);
  });

  it("does not touch another network's memory", () => {
    const one = randomNetwork([8, 6, 1], 1);
    const other = simdForward(kernel, randomNetwork([8, 20, 1], 2));
    const forward = simdForward(kernel, one);
    const [inputs = new Float32Array(8)] = inputsOf(one, 1);
    const before = forward(inputs);
    other(inputs);
    expect(forward(inputs)).toBe(before);
  });

  it("refuses more inputs than the network has", () => {
    const simd = simdForward(kernel, randomNetwork([8, 6, 1]));
    expect(() => simd(new Float32Array(9))).toThrow(RangeError);
  });
});

describe("an input that is no finite number gives in both", () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const places = [0, 6, 12];
  it.each(odd)("the same for %s", (value) => {
    for (const at of places) {
      const network = randomNetwork([13, 9, 5, 1], at + 1);
      const inputs = new Float32Array(13).fill(0.5);
      inputs[at] = value;
      expect(simdForward(kernel, network)(inputs)).toBe(plainForward(network)(inputs));
    }
  });

  it("and what fills a layer up takes no part in it", () => {
    // One unit of infinity; were what fills up its layer read, 0 times infinity would be no number.
    const layer = (inputs: number, weights: readonly number[]) => ({
      ...{ inputs, outputs: 1, weights: Float32Array.from(weights), biases: Float32Array.of(0) },
    });
    const layers = [layer(1, [1]), layer(1, [2])];
    const network = { means: new Float32Array(1), scales: new Float32Array(1), layers };
    const inputs = Float32Array.of(Number.POSITIVE_INFINITY);
    expect(plainForward(network)(inputs)).toBe(Number.POSITIVE_INFINITY);
    expect(simdForward(kernel, network)(inputs)).toBe(Number.POSITIVE_INFINITY);
  });
});
