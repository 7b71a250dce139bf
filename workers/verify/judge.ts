import type { Track } from "@sluice/protocol";
import { type ApproachReason, showsPress, weighApproach } from "./approach.ts";
import type { Challenge } from "./challenge.ts";
import { SCORE_THRESHOLD, type ScoreReason, scoreTrack } from "./score/index.ts";
import type { SignalReason } from "./signals.ts";
import { isRightPlace } from "./slider/index.ts";
import { type Doubt, type Weighed, weigh } from "./weigh.ts";

/** Of a visitor who was asked for work alone, and did it. */
const WORK_ALONE = 0.7;
/** What each harder proof of work adds where there is little else to judge by. */
const LEVEL_GAIN = 0.15;
/** The value at which a score is worth as much as a site's usual threshold. */
const USUAL_THRESHOLD = 0.5;
/** What a movement is worth that was seen before: less than any threshold that is worth setting. */
const REPLAYED: Doubt<"replayed"> = ["replayed", 0.1];
/** As many as a pass has room for. */
const MAX_REASONS = 6;

/** Why a solution is not worth more; stable, and signed into the pass. */
export type JudgeReason = ScoreReason | ApproachReason | SignalReason | "replayed";
export type Judgement = Weighed<JudgeReason>;

/** What a solution lacks without which there is nothing to score. */
export type Lack = "answer" | "wrong_place" | "track";

/** What of a solution's evidence is missing or wrong; null when it can be scored. Nothing missing counts for a person. */
export function lackOf(
  { interaction, sliderX }: Pick<Challenge, "interaction" | "sliderX">,
  answer: number | null,
  track: Track | null,
): Lack | null {
  if (interaction === "none") return null;
  if (interaction === "slider") {
    if (answer === null || sliderX === null) return "answer";
    if (!isRightPlace(sliderX, answer)) return "wrong_place";
  }
  return showsPress(track) ? null : "track";
}

/**
 * Whether a track is of a movement that nobody makes a second time: a piece's, by a pointer. Keys have none of
 * their own, and the last way to a box is too short to be told from another's.
 */
export function isHandsOwn(
  { interaction }: Pick<Challenge, "interaction">,
  track: Track | null,
): track is Track {
  return interaction === "slider" && track !== null && track.pointer !== "keyboard";
}

/**
 * Scores a solution that lacks nothing: what the visitor did, less what the request is doubted for.
 * `seenBefore`: whether the movement is one that was sent before.
 */
export function judge(
  challenge: Pick<Challenge, "interaction" | "level">,
  track: Track | null,
  signals: Weighed<SignalReason>,
  seenBefore = false,
): Judgement {
  const done = weighDeed(challenge, track);
  const { value, reasons } = weigh(Math.min(1, done.value), seenBefore ? [REPLAYED] : []);
  return {
    value: round(value * signals.value),
    reasons: [...reasons, ...done.reasons, ...signals.reasons].slice(0, MAX_REASONS),
  };
}

function weighDeed(
  { interaction, level }: Pick<Challenge, "interaction" | "level">,
  track: Track | null,
): Weighed<ApproachReason | ScoreReason> {
  const gain = LEVEL_GAIN * level;
  if (interaction === "none") return { value: WORK_ALONE + gain, reasons: [] };
  if (!showsPress(track)) return { value: 0, reasons: ["no_approach"] };
  if (interaction === "checkbox") {
    const { value, reasons } = weighApproach(track);
    return { value: value + gain, reasons };
  }
  const { value, reasons } = scoreTrack(track);
  return { value: calibrate(value), reasons };
}

/** A score of which {@link SCORE_THRESHOLD} is the border, as a value of which a half is. */
function calibrate(score: number): number {
  if (score < SCORE_THRESHOLD) return (score / SCORE_THRESHOLD) * USUAL_THRESHOLD;
  const above = (score - SCORE_THRESHOLD) / (1 - SCORE_THRESHOLD);
  return USUAL_THRESHOLD + above * (1 - USUAL_THRESHOLD);
}

/** To thousandths: a pass says no more. */
function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
