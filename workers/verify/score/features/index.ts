import type { CleanTrack } from "../clean-track.ts";
import { LATERAL_FEATURES, writeLateral } from "./lateral.ts";
import { motionGrid } from "./motion-grid.ts";
import { PACE_FEATURES, writePace } from "./pace.ts";
import { SPEED_FEATURES, writeSpeed } from "./speed.ts";
import { STEP_FEATURES, writeSteps } from "./steps.ts";
import { TIMING_FEATURES, writeTiming } from "./timing.ts";
import { FeatureWriter } from "./writer.ts";

/** Changes whenever a feature is added, removed or computed otherwise: weights fit one version alone. */
export const FEATURE_VERSION = 1;

export const FEATURES = [
  ...TIMING_FEATURES,
  ...STEP_FEATURES,
  ...LATERAL_FEATURES,
  ...SPEED_FEATURES,
  ...PACE_FEATURES,
] as const;

export type FeatureName = (typeof FEATURES)[number];

/** Writes {@link FEATURES} of a track into `out`, which has a place for each. Every one is finite. */
export function extractFeatures(track: CleanTrack, out: Float32Array): void {
  const writer = new FeatureWriter(out);
  writeTiming(track, writer);
  writeSteps(track, writer);
  writeLateral(track, writer);
  writeSpeed(track, motionGrid(track), writer);
  writePace(track, writer);
}
