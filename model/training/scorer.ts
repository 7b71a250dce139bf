import type { TrackPoint } from "@sluice/protocol";
import { plainForward } from "../../workers/verify/score/network/forward.ts";
import { type Network, scaleInputs } from "../../workers/verify/score/network/network.ts";
import { featuresOf } from "./examples.ts";

/** Of tracks that are no movement: as low as any logit counts. */
export const NO_MOVEMENT = -30;

/** The logit of a track under a network that is not (yet) the shipped one. */
export type Scorer = (points: readonly TrackPoint[]) => number;

export function scorerOf(network: Network): Scorer {
  const forward = plainForward(network);
  const scaled = new Float32Array(network.means.length);
  return (points) => {
    const row = featuresOf(points);
    if (row === null) return NO_MOVEMENT;
    scaleInputs(network, row, scaled);
    return Math.max(NO_MOVEMENT, forward(scaled));
  };
}
