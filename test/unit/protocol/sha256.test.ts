import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  compressSha256,
  initialSha256State,
  sha256,
} from "../../../packages/protocol/src/sha256.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytesOf = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 37) & 255);

describe("SHA-256", () => {
  it("is the standard's for its own example", () => {
    expect(hex(sha256(new TextEncoder().encode("abc")))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });

  it("agrees with another implementation on every length around the blocks' edges", () => {
    for (let length = 0; length <= 200; length += 1) {
      const expected = createHash("sha256").update(bytesOf(length)).digest("hex");
      expect(hex(sha256(bytesOf(length))), `${length} bytes`).toBe(expected);
    }
  });

  it("goes on from a state, so that a keyed hash needs the key's two states and not the key", () => {
    const key = bytesOf(40);
    const padded = (fill: number) => {
      const block = new Uint8Array(64).fill(fill);
      key.forEach((byte, index) => {
        block[index] = byte ^ fill;
      });
      const view = new DataView(block.buffer);
      const state = initialSha256State();
      compressSha256(
        state,
        Int32Array.from({ length: 16 }, (_, word) => view.getInt32(word * 4)),
      );
      return state;
    };
    const inner = sha256(new TextEncoder().encode("message"), padded(0x36), 64);
    const expected = createHmac("sha256", key).update("message").digest("hex");
    expect(hex(sha256(inner, padded(0x5c), 64))).toBe(expected);
  });
});
