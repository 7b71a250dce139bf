import { describe, expect, it } from "vitest";
import { equalBytes } from "../../../workers/keys/bytes.ts";

const LENGTH = 64;

/** Bytes that tell how many of them were looked at. */
function counted(bytes: Uint8Array): { readonly bytes: Uint8Array; reads(): number } {
  let reads = 0;
  const watched = new Proxy(bytes, {
    get(target, name) {
      if (typeof name === "string" && /^\d+$/.test(name)) reads += 1;
      return Reflect.get(target, name, target);
    },
  });
  return { bytes: watched, reads: () => reads };
}

/** Bytes that differ from those of `right` in one place, or in none. */
function differingAt(place: number | null): Uint8Array {
  const bytes = new Uint8Array(LENGTH).fill(7);
  if (place !== null) bytes[place] = 8;
  return bytes;
}
const right = differingAt(null);

describe("comparing bytes", () => {
  it.each([null, 0, 1, LENGTH / 2, LENGTH - 1])(
    "looks at all of them, where they differ at %s",
    (place) => {
      const [left, other] = [counted(differingAt(place)), counted(right)];
      expect(equalBytes(left.bytes, other.bytes)).toBe(place === null);
      expect([left.reads(), other.reads()]).toEqual([LENGTH, LENGTH]);
    },
  );

  it("is false for another length, and for an end that is missing", () => {
    expect(equalBytes(right, right.subarray(1))).toBe(false);
    expect(equalBytes(right.subarray(0, -1), right)).toBe(false);
    expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true);
  });
});
