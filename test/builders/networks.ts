import { cleanTrack } from "../../workers/verify/score/clean-track.ts";
import { extractFeatures } from "../../workers/verify/score/features/index.ts";
import { NETWORK } from "../../workers/verify/score/model.ts";
import type { Layer, Network } from "../../workers/verify/score/network/network.ts";
import { scaleInputs } from "../../workers/verify/score/network/network.ts";
import { seededRandom } from "./random.ts";
import { easeOut, manyHands } from "./tracks.ts";

/**
 * A network of these sizes, inputs first, whose weights are drawn at random so that values neither grow nor
 * fade from layer to layer. The same seed gives the same network.
 */
export function randomNetwork(sizes: readonly number[], seed = 1): Network {
  const random = seededRandom(seed);
  const draws = (count: number, size: number) =>
    Float32Array.from({ length: count }, () => size * (2 * random() - 1));
  const layers = sizes.slice(1).map((outputs, index): Layer => {
    const inputs = sizes[index] ?? 0;
    const weights = draws(inputs * outputs, Math.sqrt(6 / inputs));
    return { inputs, outputs, weights, biases: draws(outputs, 0.5) };
  });
  const inputs = sizes[0] ?? 0;
  return { means: draws(inputs, 1), scales: draws(inputs, 1), layers };
}

/** Inputs as they are after scaling: from −4 to 4. */
export function randomInputs(length: number, count: number, seed = 1): readonly Float32Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => Float32Array.from({ length }, () => 8 * random() - 4));
}

/** What the shipped network is given for tracks of hands and of a script. */
export function shippedInputs(): readonly Float32Array[] {
  return [...manyHands(40), easeOut(), easeOut(90, 20)].map((points) => {
    const track = cleanTrack(points);
    if (typeof track === "string") throw new Error(`the track is ${track}`);
    const values = new Float32Array(NETWORK.means.length);
    extractFeatures(track, values);
    scaleInputs(NETWORK, values, values);
    return values;
  });
}
