/** The score of a track: how much it is like a person's. docs/score.md says what it catches and what not. */
import type { Track } from "@sluice/protocol";
import { cleanTrack } from "./clean-track.ts";
import { extractFeatures, FEATURES } from "./features/index.ts";
import { scoreKeys } from "./keyboard.ts";
import { networkValue } from "./model.ts";
import { reasonsOf } from "./reasons.ts";
import type { Score } from "./score.ts";

export { SCORE_THRESHOLD } from "./model.ts";
export { SCORE_REASONS, type Score, type ScoreReason } from "./score.ts";

const features = new Float32Array(FEATURES.length);

/** Scores a track in bounded time, whatever it holds. Never throws; what is no movement at all scores 0. */
export function scoreTrack({ pointer, points }: Track): Score {
  if (pointer === "keyboard") return scoreKeys(points);
  const track = cleanTrack(points);
  if (typeof track === "string") return { value: 0, reasons: [track] };
  extractFeatures(track, features);
  const value = networkValue(features);
  return { value, reasons: reasonsOf(features, value) };
}
