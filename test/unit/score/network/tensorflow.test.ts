import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { BACKENDS, tensorflowForward } from "../../../../bench/score/tensorflow.ts";
import { KERNEL_FILE } from "../../../../scripts/assemble-kernel.ts";
import { plainForward } from "../../../../workers/verify/score/network/forward.ts";
import { simdForward } from "../../../../workers/verify/score/network/simd-forward.ts";
import { randomInputs, randomNetwork } from "../../../builders/networks.ts";

const SHAPES = [
  [5, 1],
  [61, 32, 16, 1],
  [128, 64, 32, 1],
] as const;

it.each(BACKENDS)("both compute what the trainer's %s backend does", async (backend) => {
  const kernel = await WebAssembly.compile(await readFile(KERNEL_FILE));
  for (const sizes of SHAPES) {
    const network = randomNetwork(sizes);
    const trainer = await tensorflowForward(network, backend);
    const forwards = [plainForward(network), simdForward(kernel, network)];
    for (const inputs of randomInputs(sizes[0], 30)) {
      const expected = trainer(inputs);
      const slack = 1e-5 * Math.max(1, Math.abs(expected));
      for (const forward of forwards) {
        expect(Math.abs(forward(inputs) - expected)).toBeLessThanOrEqual(slack);
      }
    }
  }
});
