import { describe, expect, test } from "vitest";
import { isDrawn, recordableTrack } from "../../../../workers/verify/recording/index.ts";
import { aMovement } from "../../../builders/movements.ts";

const SLIDER = { interaction: "slider" } as const;
const track = { pointer: "touch", points: aMovement(1) } as const;
const judgement = { value: 0.4, reasons: ["rhythm"] } as const;
const pass = { do: "pass" } as const;

describe("of a judged solution is recorded", () => {
  test("the movement and how it was judged", () => {
    expect(recordableTrack(SLIDER, track, judgement, pass)).toEqual({
      ...track,
      verdict: "pass",
      score: 0.4,
      reasons: ["rhythm"],
    });
  });

  test.each([
    [pass, "pass"],
    [{ do: "ask", level: 1, accessible: false }, "retry"],
    [{ do: "refuse", reason: "score" }, "refuse"],
  ] as const)("whatever came of it: %j", (decision, verdict) => {
    expect(recordableTrack(SLIDER, track, judgement, decision)).toMatchObject({ verdict });
  });

  test.each([
    ["keys", SLIDER, { ...track, pointer: "keyboard" }, judgement],
    ["the way to a box", { interaction: "checkbox" }, track, judgement],
    ["a visit without one", { interaction: "none" }, null, judgement],
    ["one that was sent before", SLIDER, track, { value: 0.1, reasons: ["replayed", "rhythm"] }],
  ] as const)("nothing of %s", (_, challenge, movement, judged) => {
    expect(recordableTrack(challenge, movement, judged, pass)).toBeNull();
  });
});

describe("a share", () => {
  test.each([
    [1, 0.0099, true],
    [1, 0.01, false],
    [50, 0.4999, true],
    [50, 0.5, false],
    [100, 0.9999999, true],
  ])("of %i%% has a draw of %d: %s", (sharePercent, draw, drawn) => {
    expect(isDrawn(sharePercent, draw)).toBe(drawn);
  });
});
