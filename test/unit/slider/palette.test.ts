import { expect, test } from "vitest";
import { PALETTES, SHADES, shadeIndex } from "../../../workers/verify/slider/palette.ts";

/** How light a colour is to the eye (ITU-R BT.709). */
function luminance([red, green, blue]: readonly [number, number, number]): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test.each(PALETTES.map((palette, index) => ({ palette, index })))(
  "each shade of palette $index is lighter than the one before, so that none needs its hue to be told",
  ({ palette }) => {
    expect(palette).toHaveLength(SHADES);
    for (const [shade, colour] of palette.slice(1).entries()) {
      expect(luminance(colour)).toBeGreaterThan(luminance(palette[shade] ?? [255, 255, 255]));
    }
  },
);

test("every colour is three bytes", () => {
  for (const colour of PALETTES.flat()) {
    for (const channel of colour) {
      expect(channel).toBe(Math.round(channel));
      expect(channel).toBeGreaterThanOrEqual(0);
      expect(channel).toBeLessThanOrEqual(255);
    }
  }
});

test("grain decides between the two nearest shades", () => {
  const between = 20.25 / (SHADES - 1);
  expect(shadeIndex(between, () => 0.74)).toBe(20);
  expect(shadeIndex(between, () => 0.76)).toBe(21);
});

test("a tone beyond the palette is its last shade", () => {
  expect(shadeIndex(1.4, () => 0.5)).toBe(SHADES - 1);
  expect(shadeIndex(-0.4, () => 0.5)).toBe(0);
});
