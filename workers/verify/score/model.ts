import { forwardOf } from "#score-forward";
import { FEATURE_VERSION } from "./features/index.ts";
import model from "./model.json" with { type: "json" };
import { MODEL_FORMAT, readNetwork } from "./network/model-file.ts";
import { scaleInputs } from "./network/network.ts";

if (model.format !== MODEL_FORMAT || model.featureVersion !== FEATURE_VERSION) {
  throw new Error("the model is not for these features; train it again");
}

/** The shipped network, without its calibration. */
export const NETWORK = readNetwork(model);

/** A score below this is refused: chosen for people whom the network has never seen. */
export const SCORE_THRESHOLD = model.threshold;

const forward = forwardOf(NETWORK);
const scaled = new Float32Array(NETWORK.means.length);

/** The value, 0 to 1, of a track's features. */
export function networkValue(features: Float32Array): number {
  scaleInputs(NETWORK, features, scaled);
  const { slope, offset } = model.calibration;
  return 1 / (1 + Math.exp(-(slope * forward(scaled) + offset)));
}
