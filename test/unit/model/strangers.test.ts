import { describe, expect, it } from "vitest";
import type { LabelledTrack } from "../../../model/tracks/labelled-track.ts";
import {
  refusedByOthers,
  strangersLogits,
  strangersThreshold,
} from "../../../model/training/strangers.ts";

const rising = (from: number, count = 100) =>
  Array.from({ length: count }, (_, index) => from + index / 10);

describe("strangers", () => {
  it("are scored by source, and a source of a few has no say", () => {
    const track = (source: string, index: number): LabelledTrack => {
      return { id: `${index}`, source, human: true, family: "human", points: [[index, 0, 0]] };
    };
    const many = Array.from({ length: 50 }, (_, index) => track("page", index));
    const few = Array.from({ length: 5 }, (_, index) => track("desk", index));
    const logits = strangersLogits([...many, ...few], ([first]) => first?.[0] ?? 0);
    expect(Object.keys(logits)).toEqual(["page"]);
    expect(logits.page).toEqual(many.map((_, index) => index));
  });

  it("set the threshold by the strictest of their sources", () => {
    const alone = strangersThreshold({ page: rising(0) });
    expect(rising(0).filter((logit) => logit < alone)).toHaveLength(1);
    expect(strangersThreshold({ page: rising(0), touch: rising(-3) })).toBeCloseTo(alone - 3);
  });

  it("are refused at the threshold of the others alone", () => {
    const refused = refusedByOthers({ page: rising(0), touch: rising(-1), desk: rising(5) });
    expect(refused.page).toBe(0);
    expect(refused.touch).toBe(0.11);
    expect(refused.desk).toBe(0);
    expect(refusedByOthers({ page: rising(0) })).toEqual({});
  });
});
