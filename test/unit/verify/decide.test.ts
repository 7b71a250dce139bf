import { describe, expect, it } from "vitest";
import { decide, decideOnLack } from "../../../workers/verify/decide.ts";
import { APPROACH, KEY_PRESS } from "../../builders/visitor.ts";

const standing = (fields: object = {}) => ({
  interaction: "checkbox" as const,
  level: 0,
  accessible: false,
  ...fields,
});

describe("a solution that lacks nothing", () => {
  it("passes from the site's threshold on", () => {
    expect(decide(standing(), 0.5, 0.5, APPROACH)).toEqual({ do: "pass" });
    expect(decide(standing({ level: 2 }), 1, 1, APPROACH)).toEqual({ do: "pass" });
    expect(decide(standing(), 0, 0, APPROACH)).toEqual({ do: "pass" });
  });

  it("is asked for more below it, twice at most", () => {
    const below = (level: number) => decide(standing({ level }), 0.49, 0.5, APPROACH);
    expect(below(0)).toEqual({ do: "ask", level: 1, accessible: false });
    expect(below(1)).toEqual({ do: "ask", level: 2, accessible: false });
    expect(below(2)).toEqual({ do: "refuse", reason: "score" });
  });

  it("by a key alone is asked for more work in any case, and then passes like any other", () => {
    const more = decide(standing(), 0.7, 0.5, KEY_PRESS);
    expect(more).toEqual({ do: "ask", level: 0, accessible: true });
    expect(decide(standing({ accessible: true }), 0.7, 0.5, KEY_PRESS)).toEqual({ do: "pass" });
    const doubted = decide(standing(), 0.2, 0.5, KEY_PRESS);
    expect(doubted).toEqual({ do: "ask", level: 1, accessible: true });
  });

  it("stays on the path without pictures", () => {
    const again = decide(standing({ accessible: true }), 0.2, 0.5, KEY_PRESS);
    expect(again).toEqual({ do: "ask", level: 1, accessible: true });
  });

  it("of a slider moved by keys passes as it is: its answer is right", () => {
    const slider = standing({ interaction: "slider" });
    expect(decide(slider, 0.8, 0.5, KEY_PRESS)).toEqual({ do: "pass" });
  });
});

describe("a solution that lacks something", () => {
  it("is asked again after a wrong place, twice at most", () => {
    const wrong = (level: number) => decideOnLack(standing({ level }), "wrong_place");
    expect(wrong(0)).toEqual({ do: "ask", level: 1, accessible: false });
    expect(wrong(2)).toEqual({ do: "refuse", reason: "answer" });
  });

  it("is refused at once without an answer or a track", () => {
    expect(decideOnLack(standing(), "answer")).toEqual({ do: "refuse", reason: "answer" });
    expect(decideOnLack(standing(), "track")).toEqual({ do: "refuse", reason: "track" });
  });
});
