/** The score of a track: how much it is like a person's. docs/score.md says what it catches and what not. */
import type { Track } from "@sluice/protocol";
import { cleanTrack } from "./clean-track.ts";
import { scoreKeys } from "./keyboard.ts";
import type { Score } from "./score.ts";
import { scoreByRanges } from "./stand-in.ts";

export { SCORE_REASONS, type Score, type ScoreReason } from "./score.ts";

/** A track with less than this is refused: chosen for people whom the score has never seen. */
export const SCORE_THRESHOLD = 0.35;

/** Scores a track in bounded time, whatever it holds. Never throws; what is no movement at all scores 0. */
export function scoreTrack({ pointer, points }: Track): Score {
  if (pointer === "keyboard") return scoreKeys(points);
  const track = cleanTrack(points);
  if (typeof track === "string") return { value: 0, reasons: [track] };
  return scoreByRanges(track);
}
