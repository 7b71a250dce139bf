import { describe, expect, it } from "vitest";
import { ATTACK_FAMILIES } from "../../../model/attacks/index.ts";
import type { LabelledTrack } from "../../../model/tracks/labelled-track.ts";
import { joinExamples, makeExamples } from "../../../model/training/examples.ts";
import { handLike } from "../../builders/tracks.ts";

const hands = (source: string, count: number): LabelledTrack[] =>
  Array.from({ length: count }, (_, index) => {
    return { id: `${index}`, source, human: true, family: "human", points: handLike(index) };
  });
const people = [...hands("page", 12), ...hands("desk", 3)];
const families = ATTACK_FAMILIES.slice(0, 3);
const amounts = { perHuman: 2, perFamily: 5 };

describe("examples", () => {
  it("of a family are the same whichever others there are", () => {
    const all = makeExamples(people, families, amounts, 7);
    const few = makeExamples(people, families.slice(2), amounts, 7);
    const [family] = few.scripts.keys();
    expect(all.scripts.get(family ?? "")).toEqual(few.scripts.get(family ?? ""));
    expect(all.people).toEqual(few.people);
  });

  it("count the same for each source of people, and people as much as scripts", () => {
    const { targets, weights } = joinExamples(makeExamples(people, families, amounts, 7));
    const sum = (from: number, to: number) => weights.slice(from, to).reduce((a, b) => a + b, 0);
    const ofPeople = targets.filter((target) => target === 1).length;
    expect(ofPeople).toBe(30);
    expect(sum(0, 24)).toBeCloseTo(sum(24, 30));
    expect(sum(0, 30)).toBeCloseTo(sum(30, weights.length));
  });
});
