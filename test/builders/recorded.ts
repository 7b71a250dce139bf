import type { JudgedTrack } from "../../durable-objects/recorder/rpc.ts";
import { aMovement } from "./movements.ts";

/** A movement that was judged, its own for each seed. */
export function aJudgedTrack(seed = 1, overrides: Partial<JudgedTrack> = {}): JudgedTrack {
  return {
    pointer: "mouse",
    points: aMovement(seed),
    verdict: "pass",
    score: 0.8,
    reasons: ["rhythm"],
    ...overrides,
  };
}
