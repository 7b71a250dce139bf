import { describe, expect, it } from "vitest";
import { REPLAY_CHANGES } from "../../../model/attacks/replays.ts";
import { inSequence } from "../../../model/evaluation/sequence.ts";
import { Random } from "../../../model/random.ts";
import type { LabelledTrack } from "../../../model/tracks/labelled-track.ts";
import { handLike } from "../../builders/tracks.ts";

const people = Array.from({ length: 60 }, (_, index): LabelledTrack => {
  return { id: `${index}`, source: "hands", human: true, family: "human", points: handLike(index) };
});

describe("tracks judged in sequence", () => {
  for (const change of ["exact", "truncated", "jittered", "scaled", "stretched"]) {
    it(`are known when they come again, ${change}`, () => {
      const random = new Random(7);
      const replays = people.map((track): LabelledTrack => {
        const points = REPLAY_CHANGES[change]?.(track.points, random) ?? [];
        return { ...track, human: false, family: "replay", points };
      });
      const known = inSequence([...people, ...replays]);
      expect(replays.filter((track) => known.has(track)).length).toBeGreaterThanOrEqual(57);
    });
  }

  it("takes no person for another", () => {
    expect(inSequence(people).size).toBe(0);
  });
});
