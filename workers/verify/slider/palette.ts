import type { Grain } from "./grain.ts";

/** Shades of a palette. Few, so that the picture packs well; grain hides the steps between them. */
export const SHADES = 64;

/** OKLab lightness of the darkest and of the lightest shade. */
const DARKEST = 0.2;
const LIGHTEST = 0.975;

export type Colour = readonly [red: number, green: number, blue: number];
export type Palette = readonly Colour[];

const BLACK: Colour = [0, 0, 0];

/** What colour a tone has: chroma and hue in degrees, of OKLCH. */
type Tint = readonly [chroma: number, hue: number];

/**
 * Tints from the darkest tone to the lightest. They give colour alone: lightness is the tone itself, so that
 * whatever can be told apart at all can be told apart without seeing colours.
 */
const TINTS: readonly [readonly Tint[], ...(readonly Tint[])[]] = [
  // Dusk: indigo, plum, rose, peach, cream.
  [
    [0.07, 285],
    [0.12, 305],
    [0.15, 355],
    [0.11, 45],
    [0.04, 85],
  ],
  // Meadow: fir, leaf, sea green, sky, cream.
  [
    [0.05, 170],
    [0.09, 158],
    [0.1, 168],
    [0.075, 215],
    [0.025, 95],
  ],
  // Ocean.
  [
    [0.065, 260],
    [0.11, 250],
    [0.115, 232],
    [0.08, 210],
    [0.025, 100],
  ],
  // Desert: umber, brick, apricot, sand.
  [
    [0.06, 20],
    [0.11, 30],
    [0.135, 45],
    [0.11, 65],
    [0.04, 88],
  ],
  // Lavender.
  [
    [0.07, 280],
    [0.12, 287],
    [0.115, 302],
    [0.075, 325],
    [0.025, 70],
  ],
  // Lagoon: petrol, teal, mint.
  [
    [0.05, 215],
    [0.08, 200],
    [0.095, 182],
    [0.085, 160],
    [0.04, 115],
  ],
  // Rose.
  [
    [0.07, 335],
    [0.125, 352],
    [0.13, 8],
    [0.085, 32],
    [0.03, 80],
  ],
  // Autumn: moss, olive, ochre, straw.
  [
    [0.04, 150],
    [0.07, 135],
    [0.09, 105],
    [0.1, 88],
    [0.045, 92],
  ],
  // North: slate and mist.
  [
    [0.04, 262],
    [0.06, 255],
    [0.06, 240],
    [0.045, 225],
    [0.015, 85],
  ],
  // Evening at sea: navy, violet, coral, gold.
  [
    [0.075, 265],
    [0.125, 280],
    [0.13, 335],
    [0.135, 48],
    [0.075, 85],
  ],
];

/** Every palette, made when the module is loaded. */
export const PALETTES: readonly [Palette, ...Palette[]] = (() => {
  const [first, ...rest] = TINTS;
  return [paletteOf(first), ...rest.map(paletteOf)];
})();

/** The shade of a tone; grain decides between the two that are nearest. */
export function shadeIndex(tone: number, grain: Grain): number {
  const place = Math.floor(tone * (SHADES - 1) + grain());
  return Math.min(SHADES - 1, Math.max(0, place));
}

export function shadeOf(palette: Palette, tone: number, grain: Grain): Colour {
  return palette[shadeIndex(tone, grain)] ?? BLACK;
}

function paletteOf(tints: readonly Tint[]): Palette {
  return Array.from({ length: SHADES }, (_, shade) => {
    const tone = shade / (SHADES - 1);
    const place = tone * (tints.length - 1);
    const left = tints[Math.floor(place)] ?? [0, 0];
    const right = tints[Math.ceil(place)] ?? left;
    const [a, b] = mixed(left, right, place % 1);
    return colourOf(DARKEST + tone * (LIGHTEST - DARKEST), a, b);
  });
}

/** Between two tints, in the plane of OKLab's `a` and `b`. */
function mixed(left: Tint, right: Tint, share: number): readonly [a: number, b: number] {
  const [leftA, leftB] = plane(left);
  const [rightA, rightB] = plane(right);
  return [leftA + (rightA - leftA) * share, leftB + (rightB - leftB) * share];
}

function plane([chroma, hue]: Tint): readonly [a: number, b: number] {
  const angle = (hue * Math.PI) / 180;
  return [chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

/** OKLab as sRGB bytes (B. Ottosson, "A perceptual color space for image processing", 2020). */
function colourOf(lightness: number, a: number, b: number): Colour {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    byteOf(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
    byteOf(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
    byteOf(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short),
  ];
}

/** A linear share of light as an sRGB byte; what the screen cannot show is cut off. */
function byteOf(linear: number): number {
  const share = Math.min(1, Math.max(0, linear));
  const encoded = share <= 0.0031308 ? 12.92 * share : 1.055 * share ** (1 / 2.4) - 0.055;
  return Math.round(255 * encoded);
}
