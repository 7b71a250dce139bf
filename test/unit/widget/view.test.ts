import { describe, expect, it } from "vitest";
import { geetestError } from "../../../packages/widget/src/dialects/geetest-error.ts";
import { viewOf } from "../../../packages/widget/src/machine/view.ts";
import { besideBox } from "../../../packages/widget/src/view/place-beside.ts";
import {
  fraction,
  moveBy,
  percentOf,
  valueAfterKey,
  valueAt,
} from "../../../packages/widget/src/view/slider-value.ts";
import { askingRig, challenge, PASSED, passedRig, Rig, SLIDER, TRACK } from "./builders.ts";

const view = (rig: Rig, appearance: "always" | "execute" | "interaction-only" = "always") =>
  viewOf(rig.model, appearance);

describe("the place of a widget", () => {
  it("is kept free until it is known whether anything is needed there", () => {
    const rig = new Rig();
    rig.on({ type: "run" });
    expect([
      view(rig).place,
      view(rig, "execute").place,
      view(rig, "interaction-only").place,
    ]).toEqual(["reserved", "reserved", "hidden"]);
    rig.asked();
    expect([view(rig).place, view(rig, "interaction-only").place]).toEqual(["shown", "shown"]);
  });

  it("is given up where a check needs no visitor, even if it fails", () => {
    const rig = askingRig(challenge("none"));
    expect(view(rig).place).toBe("hidden");
    rig.on({ type: "due" });
    rig.refused("score");
    expect(view(rig).place).toBe("hidden");
  });

  it("of a check that waits for its call is seen, or not before the call", () => {
    expect([view(new Rig()).place, view(new Rig(), "execute").place]).toEqual(["shown", "hidden"]);
  });
});

describe("the box", () => {
  it("says what the check has come to", () => {
    const rig = askingRig();
    expect(view(rig).box).toEqual({ mark: "empty", text: "human", acts: true, isNews: false });
    rig.tick();
    expect(view(rig).box).toMatchObject({ mark: "busy", text: "checking", acts: false });
    rig.judged({ kind: "passed", passed: PASSED });
    expect(view(rig).box).toEqual({ mark: "done", text: "verified", acts: false, isNews: true });
    rig.after(PASSED.expiresInMs);
    expect(view(rig).box).toMatchObject({ mark: "empty", text: "expired", acts: true });
  });

  it("asks for no click where a click would do nothing", () => {
    const rig = passedRig(challenge(), { refreshExpired: "never" });
    rig.after(PASSED.expiresInMs);
    expect(view(rig).box.acts).toBe(false);
    const wrong = new Rig();
    wrong.on({ type: "run" });
    wrong.failed("wrong_hostname");
    expect(view(wrong).box).toMatchObject({ mark: "failed", text: "misconfigured", acts: false });
  });
});

describe("the panel", () => {
  it("shows the puzzle, then that it is judged, then what was wrong", () => {
    const rig = askingRig(challenge("slider"));
    expect(view(rig).panel).toBeNull();
    rig.tick();
    expect(view(rig).panel).toEqual({ kind: "puzzle", slider: SLIDER, isBusy: false, note: null });
    rig.on({ type: "placed", answer: 1, track: TRACK });
    expect(view(rig).panel).toMatchObject({ kind: "puzzle", isBusy: true });
    rig.refused("answer");
    expect(view(rig).panel).toEqual({ kind: "loading", note: "wrongPlace" });
  });

  it("shows the work in place of a picture", () => {
    const rig = askingRig(challenge("slider"));
    rig.tick();
    rig.on({ type: "picture_declined", track: TRACK });
    expect(view(rig).panel).toEqual({ kind: "working" });
    rig.asked();
    expect(view(rig).panel).toEqual({ kind: "working" });
  });

  it("has a box of its own where the page shows none", () => {
    const rig = askingRig(challenge("checkbox"), { opensAtOnce: true });
    expect(view(rig).panel).toMatchObject({ kind: "confirm", box: { text: "human" } });
  });

  it("stands under the box, above it, or in the middle", () => {
    const panel = { width: 356, height: 420 };
    const box = (top: number) => ({ left: 20, top, width: 300, height: 65 });
    const window = { width: 1_000, height: 700 };
    expect(besideBox(box(10), panel, window)).toEqual({ left: 20, top: 83 });
    expect(besideBox(box(600), panel, window)).toEqual({ left: 20, top: 172 });
    expect(besideBox(box(300), panel, { width: 1_000, height: 500 })).toBeNull();
    expect(besideBox(box(10), panel, { width: 400, height: 700 })).toBeNull();
    expect(besideBox({ left: 0, top: 0, width: 0, height: 0 }, panel, window)).toBeNull();
    expect(besideBox({ ...box(10), left: 900 }, panel, window)?.left).toBe(636);
  });
});

describe("the slider's value", () => {
  const extent = { max: 100 };

  it.each([
    ["ArrowRight", false, 53],
    ["ArrowUp", true, 51],
    ["ArrowLeft", false, 47],
    ["ArrowDown", true, 49],
    ["PageUp", false, 80],
    ["PageDown", false, 20],
    ["Home", false, 0],
    ["End", false, 100],
    ["a", false, null],
  ])("after %s, fine %s, is %s", (key, isFine, value) => {
    expect(valueAfterKey(50, key, isFine, extent)).toBe(value);
  });

  it("stays within its range", () => {
    expect([moveBy(99, 1, extent), moveBy(1, -1, extent)]).toEqual([100, 0]);
    expect([valueAt(-5, 348, 48, extent), valueAt(999, 348, 48, extent)]).toEqual([0, 100]);
  });

  it("is that of the place where the rail is clicked", () => {
    expect(valueAt(174, 348, 48, extent)).toBe(50);
  });

  it("has a share, also where there is nowhere to go", () => {
    expect([fraction(25, extent), fraction(0, { max: 0 }), percentOf(33.4, extent)]).toEqual([
      0.25, 0, 33,
    ]);
  });
});

describe("GeeTest's errors", () => {
  it("have its codes", () => {
    expect(geetestError("unavailable")).toEqual({
      code: "60100",
      msg: "load error",
      desc: { detail: "unavailable" },
    });
    expect(geetestError("60002").msg).toBe("appendTo error");
  });
});
