import type { SliderSpec } from "../../../packages/protocol/src/index.ts";
import type { RandomBytes } from "../../keys/mint-key.ts";
import { Draws } from "./draws.ts";
import { BOX, HEIGHT, WIDTH } from "./geometry.ts";
import { seededGrain } from "./grain.ts";
import { cutHoles } from "./hole.ts";
import { drawLayout } from "./layout.ts";
import { PALETTES } from "./palette.ts";
import { cutPiece } from "./piece.ts";
import { encodePicture, encodePiece, MEDIA_TYPE } from "./png.ts";
import { paintScene } from "./scenes/index.ts";

/** A puzzle: what the visitor gets, and where the piece's left edge belongs, which is kept. */
export interface SliderDrawing {
  readonly spec: SliderSpec;
  readonly x: number;
}

/**
 * Draws a puzzle of its own for each call: a scene in tones, holes cut out of it, and the piece of one of them.
 * The same random bytes give the same puzzle.
 */
export function drawSlider(random: RandomBytes): SliderDrawing {
  const draws = new Draws(random);
  const { hole, decoys } = drawLayout(draws);
  const palette = draws.pick(PALETTES);
  const grain = seededGrain(draws);
  const scene = paintScene(draws);
  const picture = cutHoles(scene, draws, [...decoys, hole]);
  return {
    spec: {
      width: WIDTH,
      height: HEIGHT,
      background: encodePicture(picture, palette, grain),
      piece: encodePiece(cutPiece(scene, draws, hole, palette, grain)),
      mediaType: MEDIA_TYPE,
      pieceWidth: BOX,
      pieceHeight: BOX,
      pieceTop: hole.top,
    },
    x: hole.x,
  };
}
