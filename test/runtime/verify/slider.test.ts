import { decode } from "fast-png";
import { expect, test } from "vitest";
import { cryptoRandomBytes } from "../../../workers/keys/index.ts";
import { drawSlider, isRightPlace } from "../../../workers/verify/slider/index.ts";

function imageOf(base64: string) {
  return decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}

test("a puzzle is drawn with the runtime's own random bytes", () => {
  const { spec, x } = drawSlider(cryptoRandomBytes);
  const { width, height, pieceWidth, pieceHeight } = spec;
  expect(imageOf(spec.background)).toMatchObject({ width, height });
  expect(imageOf(spec.piece)).toMatchObject({ width: pieceWidth, height: pieceHeight });
  expect(isRightPlace(x, x)).toBe(true);
});
