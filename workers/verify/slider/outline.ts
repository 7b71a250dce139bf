import { type Distance, disc } from "./canvas.ts";
import type { Draws } from "./draws.ts";
import { BODY, BOX } from "./geometry.ts";

/**
 * A shape within the piece's box: at each of its pixels the distance of the pixel's centre to the shape's edge,
 * negative inside. Shapes are about as large as each other, so that size tells nothing.
 */
export class Outline {
  readonly #distances = new Float32Array(BOX * BOX);

  constructor(distance: Distance) {
    for (let y = 0; y < BOX; y += 1) {
      for (let x = 0; x < BOX; x += 1) {
        this.#distances[y * BOX + x] = distance(x + 0.5, y + 0.5);
      }
    }
  }

  /** The distance at a pixel of the box, or at the one nearest to it. */
  at(x: number, y: number): number {
    const column = Math.min(BOX - 1, Math.max(0, x));
    const row = Math.min(BOX - 1, Math.max(0, y));
    return this.#distances[row * BOX + column] ?? 0;
  }
}

const MIDDLE = BOX / 2;
const HALF = BODY / 2;
const CORNER = 5;
const TAB_RADIUS = 6.5;
/** How far a tab's circle stands out from the side it is on. */
const TAB_LIFT = 2;
/** How far a tab may be from the middle of its side. */
const TAB_SHIFT = 4;

/** A side of a piece: with a tab, with a dent or straight. */
type Side = "tab" | "dent" | "straight";

const OPPOSITE: Readonly<Record<Side, Side>> = { tab: "dent", dent: "tab", straight: "tab" };
const QUARTER_TURNS = [0, 1, 2, 3] as const;

/** The sides of a jigsaw piece from the lower one on: two of them at least are not straight. */
export type Sides = readonly [Side, Side, Side, Side];

export function drawSides(draws: Draws): Sides {
  const firstCut = draws.whole(0, 3);
  const secondCut = (firstCut + draws.whole(1, 3)) % 4;
  const side = (turn: number): Side => {
    const isCut = turn === firstCut || turn === secondCut;
    return draws.pick(isCut ? ["tab", "dent"] : ["tab", "dent", "straight"]);
  };
  return [side(0), side(1), side(2), side(3)];
}

/** Sides of which none is as the given one: where that has a tab there is a dent, and the other way about. */
export function opposite(sides: Sides): Sides {
  const [lower, right, upper, left] = sides;
  return [OPPOSITE[lower], OPPOSITE[right], OPPOSITE[upper], OPPOSITE[left]];
}

/** A jigsaw piece with these sides, its tabs and dents a little beside their middles. */
export function drawJigsaw(draws: Draws, sides: Sides): Outline {
  let distance = roundedSquare;
  for (const turn of QUARTER_TURNS) {
    const shift = draws.between(-TAB_SHIFT, TAB_SHIFT);
    distance = withSide(distance, sides[turn], turn, shift);
  }
  return new Outline(distance);
}

/** A shape that no one takes for a jigsaw piece: a disc, a hexagon, a diamond or a plain square. */
export function drawOtherShape(draws: Draws): Outline {
  return new Outline(draws.pick([disc(MIDDLE, MIDDLE, HALF + 2), hexagon, diamond, roundedSquare]));
}

function withSide(body: Distance, side: Side, turn: number, shift: number): Distance {
  if (side === "straight") return body;
  const out = HALF + (side === "tab" ? TAB_LIFT : -TAB_LIFT);
  const [alongX, alongY] = turn % 2 === 0 ? [1, 0] : [0, 1];
  const away = turn < 2 ? out : -out;
  const knob = disc(
    MIDDLE + alongX * shift + alongY * away,
    MIDDLE + alongY * shift + alongX * away,
    TAB_RADIUS,
  );
  return side === "tab"
    ? (x, y) => Math.min(body(x, y), knob(x, y))
    : (x, y) => Math.max(body(x, y), -knob(x, y));
}

const roundedSquare: Distance = (x, y) => rounded(x - MIDDLE, y - MIDDLE, HALF);

const diamond: Distance = (x, y) => {
  const along = (x - MIDDLE + y - MIDDLE) * Math.SQRT1_2;
  const across = (x - y) * Math.SQRT1_2;
  return rounded(along, across, HALF - 2);
};

const hexagon: Distance = (x, y) => {
  const across = Math.abs(x - MIDDLE);
  const up = Math.abs(y - MIDDLE);
  return Math.max(up, 0.5 * up + (Math.sqrt(3) / 2) * across) - HALF - 1;
};

/** Distance to a square with rounded corners about the origin (I. Quilez, "2D distance functions"). */
function rounded(x: number, y: number, half: number): number {
  const right = Math.abs(x) - half + CORNER;
  const down = Math.abs(y) - half + CORNER;
  const outside = Math.sqrt(Math.max(right, 0) ** 2 + Math.max(down, 0) ** 2);
  return outside + Math.min(Math.max(right, down), 0) - CORNER;
}
