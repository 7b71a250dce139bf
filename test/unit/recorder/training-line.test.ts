import { describe, expect, test } from "vitest";
import { formatLine } from "../../../durable-objects/recorder/training-line.ts";
import { parseTrack } from "../../../model/tracks/read-tracks.ts";
import { aJudgedTrack } from "../../builders/recorded.ts";

const HUMAN = { label: "human", source: "staff" } as const;
const SITE = "06h0crtew7924hmn65vg";
const line = (setting: Parameters<typeof formatLine>[1], track = aJudgedTrack()) =>
  formatLine("an-id", setting, SITE, track);

describe("a line", () => {
  test("is a track as the training reads it", () => {
    expect(parseTrack(line(HUMAN), "file", 0)).toEqual({
      id: "file:an-id",
      source: "staff",
      human: true,
      family: "human-mouse",
      points: aJudgedTrack().points,
    });
    const script = line({ ...HUMAN, label: "script" }, aJudgedTrack(1, { pointer: "touch" }));
    expect(parseTrack(script, "file", 0)).toMatchObject({ human: false, family: "script-touch" });
  });

  test("names the site where its owner gives no name", () => {
    expect(JSON.parse(line({ label: "human", source: null })).src).toBe(SITE);
  });

  test("says how it was judged, and nothing else", () => {
    const { id, src, label, family, pts, ...judged } = JSON.parse(line(HUMAN));
    expect(judged).toEqual({ verdict: "pass", score: 0.8, reasons: ["rhythm"] });
  });

  test("holds places and times to a tenth, however finely they were sent", () => {
    const points = [
      [0, 0, 0],
      [1.23456, -0.04999, 16.6667],
    ] as const;
    expect(JSON.parse(line(HUMAN, aJudgedTrack(1, { points }))).pts[1]).toEqual([1.2, 0, 16.7]);
  });
});
