import { expect, test } from "vitest";
import { forwardOf } from "#score-forward";
import { NETWORK } from "../../../workers/verify/score/model.ts";
import { plainForward } from "../../../workers/verify/score/network/forward.ts";
import { forwardOf as kernelForward } from "../../../workers/verify/score/network/in-workerd.ts";
import { randomInputs, randomNetwork, shippedInputs } from "../../builders/networks.ts";

test("the score's network runs in the kernel on workerd", () => {
  expect(forwardOf).toBe(kernelForward);
});

test("a track scores on workerd what it scores in plain TypeScript", () => {
  const plain = plainForward(NETWORK);
  const kernel = forwardOf(NETWORK);
  for (const inputs of shippedInputs()) {
    const expected = plain(inputs);
    const slack = 1e-5 * Math.max(1, Math.abs(expected));
    expect(Math.abs(kernel(inputs) - expected)).toBeLessThanOrEqual(slack);
  }
});

test("the kernel that the runtime has compiled computes what plain TypeScript does", () => {
  for (const sizes of [
    [61, 32, 16, 1],
    [61, 64, 32, 1],
    [63, 19, 5, 1],
    [128, 64, 32],
  ] as const) {
    const network = randomNetwork(sizes);
    const plain = plainForward(network);
    const kernel = forwardOf(network);
    for (const inputs of randomInputs(sizes[0], 20)) {
      const expected = plain(inputs);
      expect(Math.abs(kernel(inputs) - expected)).toBeLessThanOrEqual(
        1e-5 * Math.max(1, Math.abs(expected)),
      );
    }
  }
});
