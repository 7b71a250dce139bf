import { describe, expect, it } from "vitest";
import { AnsweredChallenges } from "../../../workers/verify/answered-challenges.ts";

describe("the challenges that were answered", () => {
  it("are each noted once", () => {
    const answered = new AnsweredChallenges();
    expect(answered.has("a")).toBe(false);
    expect(answered.add("a")).toBe(true);
    expect(answered.has("a")).toBe(true);
    expect(answered.add("a")).toBe(false);
    expect(answered.has("b")).toBe(false);
  });

  it("are bounded: the first is forgotten first", () => {
    const answered = new AnsweredChallenges(2);
    for (const id of ["a", "b", "c"]) answered.add(id);
    expect(["a", "b", "c"].map((id) => answered.has(id))).toEqual([false, true, true]);
  });
});
