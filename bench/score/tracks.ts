import type { TrackPoint } from "@sluice/protocol";
import { VERIFY_LIMITS } from "@sluice/protocol";
import { seededRandom } from "../../test/builders/random.ts";

const PERIOD_MS = 8;

/** A track of as many points as are looked at, each at a place of its own: the dearest that can be sent. */
export function longestTrack(seed: number): TrackPoint[] {
  const random = seededRandom(seed);
  let t = 0;
  return Array.from({ length: VERIFY_LIMITS.trackPoints }, (_, index): TrackPoint => {
    t += PERIOD_MS * (0.9 + 0.2 * random());
    const way = 300 * Math.sin((index / VERIFY_LIMITS.trackPoints) * (Math.PI / 2));
    return [Math.round(way + random()), (index % 2) + Math.round(random()), Math.round(t)];
  });
}
