import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  isProofOfWork,
  PowBlock,
  solveProofOfWork,
} from "../../../../packages/protocol/src/verify/proof-of-work.ts";

const SEED = Uint8Array.from({ length: 16 }, (_, index) => index * 11);

function leadingZeroBits(puzzle: number, nonce: number): number {
  const message = Buffer.alloc(24);
  message.set(SEED);
  message.writeUInt32BE(puzzle, 16);
  message.writeUInt32BE(nonce, 20);
  return Math.clz32(createHash("sha256").update(message).digest().readUInt32BE(0));
}

describe("a proof of work", () => {
  it("counts the zero bits of SHA-256 over seed, puzzle and nonce", () => {
    const block = new PowBlock(SEED);
    for (const nonce of [0, 1, 77, 2 ** 31, 2 ** 32 - 1]) {
      expect(block.zeroBits(3, nonce)).toBe(leadingZeroBits(3, nonce));
    }
  });

  it("is accepted with a nonce for every puzzle, and with nothing less", () => {
    const nonces = solveProofOfWork(SEED, 4, 8);
    expect(isProofOfWork(SEED, 4, 8, nonces)).toBe(true);
    expect(isProofOfWork(SEED, 4, 8, nonces.slice(1))).toBe(false);
    expect(isProofOfWork(SEED, 4, 8, [...nonces, 0])).toBe(false);
    expect(isProofOfWork(SEED, 4, 8, nonces.toReversed())).toBe(false);
    expect(isProofOfWork(SEED.slice(1), 4, 8, nonces)).toBe(false);
    expect(isProofOfWork(SEED, 0, 8, [])).toBe(true);
  });

  it("is searched for in pieces, so that a page can draw in between", () => {
    const block = new PowBlock(SEED);
    const [wanted = 0] = solveProofOfWork(SEED, 1, 10);
    expect(block.search(0, 10, 0, wanted)).toBeNull();
    expect(block.search(0, 10, wanted, 1)).toBe(wanted);
  });
});
