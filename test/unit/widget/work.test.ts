import { isProofOfWork, PowBlock } from "@sluice/protocol";
import { describe, expect, it, vi } from "vitest";
import { prove } from "../../../packages/widget/src/work/prove.ts";
import {
  isComplete,
  NEW_SEARCH,
  progressOf,
  searchOn,
  seedBytes,
} from "../../../packages/widget/src/work/slices.ts";

const SPEC = { seed: Buffer.alloc(16, 7).toString("base64url"), puzzles: 5, bits: 8 };

describe("a proof of work in slices", () => {
  it.each([1, 7, 1_000, 1e6])("is the same with slices of %d", (tries) => {
    const block = new PowBlock(seedBytes(SPEC));
    let search = NEW_SEARCH;
    while (!isComplete(search, SPEC)) search = searchOn(search, SPEC, block, tries);
    expect(isProofOfWork(seedBytes(SPEC), SPEC.puzzles, SPEC.bits, search.nonces)).toBe(true);
    expect(progressOf(search, SPEC)).toBe(1);
  });

  it("reads seeds with every character of base64url", () => {
    const bytes = Buffer.from("fbefbefffefbefbeffffefbefbeffffe", "hex");
    expect(Buffer.from(seedBytes({ seed: bytes.toString("base64url") }))).toEqual(bytes);
  });
});

describe("proving where there is no worker", () => {
  const proving = (signal = new AbortController().signal) => {
    vi.stubGlobal("Worker", undefined);
    return { workerSource: "", onProgress: vi.fn(), signal };
  };

  it("comes to the end, and tells of each puzzle", async () => {
    const given = proving();
    const nonces = await prove(SPEC, given);
    expect(isProofOfWork(seedBytes(SPEC), SPEC.puzzles, SPEC.bits, nonces)).toBe(true);
    expect(given.onProgress.mock.calls.map(([share]) => share)).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
  });

  it("ends when it is given up", async () => {
    const controller = new AbortController();
    const proved = prove({ ...SPEC, bits: 32 }, proving(controller.signal));
    controller.abort(new Error("given up"));
    await expect(proved).rejects.toThrow("given up");
  });
});
