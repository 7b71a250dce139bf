import type { Track } from "@sluice/protocol";
import type { JudgedTrack } from "../../../durable-objects/recorder/rpc.ts";
import type { Challenge } from "../challenge.ts";
import type { Decision } from "../decide.ts";
import { isHandsOwn, type Judgement } from "../judge.ts";

const VERDICTS = { pass: "pass", ask: "retry", refuse: "refuse" } as const;

/**
 * What a training can learn from a judged solution; null where that is nothing: the network judges movements
 * of a piece by a pointer alone, and one that was sent before teaches what the first did.
 */
export function recordableTrack(
  challenge: Pick<Challenge, "interaction">,
  track: Track | null,
  { value: score, reasons }: Judgement,
  decision: Decision,
): JudgedTrack | null {
  if (!isHandsOwn(challenge, track) || reasons.includes("replayed")) return null;
  const { pointer, points } = track;
  return { pointer, points, verdict: VERDICTS[decision.do], score, reasons };
}

/** Whether one of those that are offered is to be kept; `draw` is random, from 0 up to but not 1. */
export function isDrawn(sharePercent: number, draw: number): boolean {
  return draw * 100 < sharePercent;
}
