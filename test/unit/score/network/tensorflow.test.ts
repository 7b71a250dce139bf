import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { BACKENDS, tensorflowForward } from "../../../../bench/score/tensorflow.ts";
import { KERNEL_FILE } from "../../../../scripts/assemble-kernel.ts";
import { NETWORK } from "../../../../workers/verify/score/model.ts";
import { plainForward } from "../../../../workers/verify/score/network/forward.ts";
import { simdForward } from "../../../../workers/verify/score/network/simd-forward.ts";
import { randomInputs, randomNetwork, shippedInputs } from "../../../builders/networks.ts";

const SHAPES = [
  [5, 1],
  [61, 32, 16, 1],
  [61, 64, 32, 1],
  [128, 64, 32, 1],
] as const;
const CASES = [
  ...SHAPES.map((sizes) => ({ network: randomNetwork(sizes), inputs: randomInputs(sizes[0], 30) })),
  { network: NETWORK, inputs: shippedInputs() },
];

it.each(BACKENDS)("both compute what the trainer's %s backend does", async (backend) => {
  const kernel = await WebAssembly.compile(await readFile(KERNEL_FILE));
  for (const { network, inputs } of CASES) {
    const trainer = await tensorflowForward(network, backend);
    const forwards = [plainForward(network), simdForward(kernel, network)];
    for (const values of inputs) {
      const expected = trainer(values);
      const slack = 1e-5 * Math.max(1, Math.abs(expected));
      for (const forward of forwards) {
        expect(Math.abs(forward(values) - expected)).toBeLessThanOrEqual(slack);
      }
    }
  }
});
