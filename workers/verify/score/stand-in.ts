import type { CleanTrack } from "./clean-track.ts";
import { extractFeatures, FEATURES, type FeatureName } from "./features/index.ts";
import type { Score, ScoreReason } from "./score.ts";

const buffer = new Float32Array(FEATURES.length);

/** Ranges that hands keep to, and what leaving them says. Wide: this stands in until the network does it. */
const RANGES: readonly (readonly [FeatureName, number, number, ScoreReason])[] = [
  ["step.speed_roughness", 0.22, 3, "smoothness"],
  ["step.time_true", -3, 1.6, "rhythm"],
  ["speed.falling_share", 0.3, 0.93, "speed"],
  ["speed.rise_linear", -0.3, 1, "speed"],
  ["step.first", -0.2, 0.2, "steps"],
  ["side.turns", 0, 0.6, "sideways"],
  ["speed.last_sixth", -0.2, 0.14, "speed"],
];

/** A simple score that explains itself. */
export function scoreByRanges(track: CleanTrack): Score {
  extractFeatures(track, buffer);
  const reasons: ScoreReason[] = [];
  let value = 0.95;
  for (const [name, low, high, reason] of RANGES) {
    const feature = buffer[FEATURES.indexOf(name)] ?? 0;
    if (feature >= low && feature <= high) continue;
    value *= 0.45;
    if (!reasons.includes(reason)) reasons.push(reason);
  }
  return { value, reasons: reasons.slice(0, 3) };
}
