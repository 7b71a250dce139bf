import { manyHands } from "../../test/builders/tracks.ts";
import { scoreTrack } from "../../workers/verify/score/index.ts";

// The configuration wants the objects exported.
export * from "../../workers/index.ts";

/** Scores these tracks `rounds` times over: `/?count=100&seed=1&rounds=20`. Answers the sum of the values. */
export default {
  fetch(request: Request): Response {
    const { searchParams } = new URL(request.url);
    const number = (name: string) => Number(searchParams.get(name));
    const tracks = manyHands(number("count"), number("seed"));
    let sum = 0;
    for (let round = 0; round < number("rounds"); round += 1) {
      for (const points of tracks) sum += scoreTrack({ pointer: "mouse", points }).value;
    }
    return Response.json({ sum });
  },
};
