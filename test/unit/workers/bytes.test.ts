import { afterEach, describe, expect, it, vi } from "vitest";
import { equalBytes, equalTexts } from "../../../workers/keys/bytes.ts";

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

describe("equalTexts", () => {
  const right = "x".repeat(LENGTH);
  const differingAt = (place: number | null) =>
    place === null ? right : `${right.slice(0, place)}y${right.slice(place + 1)}`;
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each([0, LENGTH / 2, LENGTH - 1, null])(
    "looks at all of them, where they differ at %s",
    (place) => {
      const looks = vi.spyOn(String.prototype, "charCodeAt");
      const isEqual = equalTexts(differingAt(place), right);
      const looked = looks.mock.calls.length;
      expect(isEqual).toBe(place === null);
      expect(looked).toBe(2 * LENGTH);
    },
  );

  it("is false for another length", () => {
    expect(equalTexts(right, right.slice(1))).toBe(false);
    expect(equalTexts("", "")).toBe(true);
  });
});
