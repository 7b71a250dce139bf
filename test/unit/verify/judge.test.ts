import { describe, expect, it } from "vitest";
import { isHandsOwn, judge, lackOf } from "../../../workers/verify/judge.ts";
import { SCORE_THRESHOLD, scoreTrack } from "../../../workers/verify/score/index.ts";
import { APPROACH, KEY_PRESS } from "../../builders/visitor.ts";

const CLEAR = { value: 1, reasons: [] } as const;
const asked = (interaction: "none" | "checkbox" | "slider", level = 0) => ({ interaction, level });
const slider = { interaction: "slider", sliderX: 120 } as const;
const box = { interaction: "checkbox", sliderX: null } as const;

describe("what a solution lacks", () => {
  it("is nothing where nothing but work was asked", () => {
    expect(lackOf({ interaction: "none", sliderX: null }, null, null)).toBeNull();
  });

  it.each([
    ["answer", null, APPROACH],
    ["wrong_place", 200, APPROACH],
    ["wrong_place", 0, null],
    ["track", 120, null],
    ["track", 120, { pointer: "mouse", points: [] }],
    [null, 120, APPROACH],
  ] as const)("is %s of a slider answered %s", (lack, answer, track) => {
    expect(lackOf(slider, answer, track)).toBe(lack);
  });

  it("is the track of a box that nothing shows the press of", () => {
    expect(lackOf(box, null, null)).toBe("track");
    expect(lackOf(box, null, { pointer: "touch", points: [] })).toBe("track");
    expect(lackOf(box, null, KEY_PRESS)).toBeNull();
  });

  it("is an answer of a slider that has no place, whatever is answered", () => {
    expect(lackOf({ interaction: "slider", sliderX: null }, 120, APPROACH)).toBe("answer");
  });
});

describe("a movement of one's own", () => {
  it("is that of a piece by a pointer", () => {
    for (const pointer of ["mouse", "touch", "pen"] as const) {
      expect(isHandsOwn(slider, { ...APPROACH, pointer })).toBe(true);
    }
  });

  it("is none of keys, at a box, or where there is no track", () => {
    expect(isHandsOwn(slider, KEY_PRESS)).toBe(false);
    expect(isHandsOwn(slider, null)).toBe(false);
    expect(isHandsOwn(box, APPROACH)).toBe(false);
    expect(isHandsOwn({ interaction: "none" }, APPROACH)).toBe(false);
  });
});

describe("the judgement of a solution", () => {
  it("of work alone grows with the work that was done", () => {
    const values = [0, 1, 2].map((level) => judge(asked("none", level), null, CLEAR).value);
    expect(values).toEqual([0.7, 0.85, 1]);
  });

  it("of a box goes by the way to it", () => {
    expect(judge(asked("checkbox"), APPROACH, CLEAR)).toEqual({ value: 0.9, reasons: [] });
    expect(judge(asked("checkbox"), KEY_PRESS, CLEAR).value).toBe(0.7);
  });

  it("of a slider goes by the score of its track, whose border is worth a usual threshold", () => {
    const { value, reasons } = judge(asked("slider"), APPROACH, CLEAR);
    const score = scoreTrack(APPROACH);
    expect(value >= 0.5).toBe(score.value >= SCORE_THRESHOLD);
    expect(reasons).toEqual(score.reasons);
  });

  it("of a track that is no movement is 0, and says why", () => {
    const still = { pointer: "mouse", points: [[0, 0, 0]] } as const;
    expect(judge(asked("slider"), still, CLEAR)).toEqual({ value: 0, reasons: ["too_short"] });
  });

  it("takes the request's doubts into account, and gives their reasons after its own", () => {
    const doubted = { value: 0.3, reasons: ["automated"] } as const;
    expect(judge(asked("none", 2), null, doubted)).toEqual({ value: 0.3, reasons: ["automated"] });
  });

  it("of a movement that was sent before is worth next to nothing, and says so first", () => {
    const doubted = { value: 0.7, reasons: ["no_language"] } as const;
    expect(judge(asked("checkbox"), APPROACH, doubted, true)).toEqual({
      value: 0.063,
      reasons: ["replayed", "no_language"],
    });
  });

  it("never takes a missing track for a person", () => {
    expect(judge(asked("checkbox"), null, CLEAR).value).toBe(0);
    expect(judge(asked("slider"), null, CLEAR).value).toBe(0);
  });
});
