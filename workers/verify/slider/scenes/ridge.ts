import { type Canvas, coverage } from "../canvas.ts";
import { HEIGHT, WIDTH } from "../geometry.ts";
import type { Curve } from "../noise.ts";

/** Land or water seen from the side: everything below a curve. */
export interface Ridge {
  readonly crest: Curve;
  /** Tone at the crest and, `depth` pixels below it, at the foot: lighter is mist. */
  readonly tone: number;
  readonly foot: number;
  readonly depth: number;
}

export function paintRidge(canvas: Canvas, { crest, tone, foot, depth }: Ridge): void {
  for (let x = 0; x < WIDTH; x += 1) {
    const top = crest(x);
    for (let y = Math.max(0, Math.floor(top)); y < HEIGHT; y += 1) {
      const share = Math.min(1, Math.max(0, (y - top) / depth));
      canvas.lay(x, y, tone + (foot - tone) * share, coverage(top - y));
    }
  }
}
