import { describe, expect, it } from "vitest";
import { type Judged, reportOf } from "../../../model/evaluation/report.ts";
import { calibrate, quantile } from "../../../model/training/calibrate.ts";

const judged = (human: boolean, name: string, value: number, remembered = false): Judged => ({
  track: { id: "", source: name, human, family: name, points: [] },
  value,
  remembered,
});

describe("the report of an evaluation", () => {
  const people = Array.from({ length: 200 }, (_, index) =>
    judged(true, "page", 0.5 + index / 1_000),
  );
  const scripts = [
    judged(false, "bold", 0.1),
    judged(false, "bold", 0.45),
    judged(false, "sly", 0.9, true),
    judged(false, "sly", 0.9),
  ];
  const report = reportOf([...people, ...scripts], 0.3);

  it("counts refusals by source and catches by family, at the threshold and at 1%", () => {
    expect(report.sources.page).toEqual({ n: 200, refused: 0, mistaken: 0 });
    expect(report.families.bold).toMatchObject({ n: 2, caught: 0.5, caughtAt1pc: 1 });
    expect(report.families.sly).toMatchObject({ caught: 0, caughtInSequence: 0.5 });
  });

  it("gives the chance that a person scores higher than a script", () => {
    expect(report.auc).toBe(0.5);
    expect(reportOf([judged(true, "a", 0.4), judged(false, "b", 0.4)], 0.3).auc).toBe(0.5);
    expect(reportOf(people, 0.3).auc).toBeNull();
  });
});

describe("calibration", () => {
  const humans = Array.from({ length: 400 }, (_, index) => 2 + Math.sin(index) * 2);
  const machines = humans.map((logit) => -logit);

  it("makes a logit a chance: even where people and scripts are as many, and rising", () => {
    const { slope, offset } = calibrate(humans, machines, [humans], 0.02);
    expect(slope).toBeGreaterThan(0);
    expect(Math.abs(offset)).toBeLessThan(0.05);
  });

  it("sets the threshold by the strictest group of strangers", () => {
    const low = humans.map((logit) => logit - 1);
    const alone = calibrate(humans, machines, [humans], 0.02).threshold;
    expect(calibrate(humans, machines, [humans, low], 0.02).threshold).toBeLessThan(alone);
    expect(quantile([5, 1, 3], 0.5)).toBe(3);
  });
});
