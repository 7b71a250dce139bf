import { describe, expect, it } from "vitest";
import { ANYWHERE, PointerWatch } from "../../../packages/widget/src/track/pointer-watch.ts";
import { TrackRecorder } from "../../../packages/widget/src/track/track-recorder.ts";

const BOX = { left: 100, top: 100, right: 400, bottom: 165 };
const pointer = (type: string, x: number, y: number, timeStamp: number, pointerType = "mouse") => ({
  type,
  clientX: x,
  clientY: y,
  timeStamp,
  pointerType,
});

describe("a recorded way", () => {
  it("is told from its first point, in tenths", () => {
    const recorder = new TrackRecorder();
    recorder.add({ x: 10, y: 20, atMs: 1_000 });
    recorder.add({ x: 13.04, y: 19, atMs: 1_016.66 });
    expect(recorder.track("mouse")).toEqual({
      pointer: "mouse",
      points: [
        [0, 0, 0],
        [3, -1, 16.7],
      ],
    });
  });

  it("keeps the last ten seconds and at most 1,024 points", () => {
    const recorder = new TrackRecorder();
    recorder.add({ x: 0, y: 0, atMs: 0 });
    for (let at = 20_000; at < 25_000; at += 1) recorder.add({ x: at, y: 0, atMs: at });
    const points = recorder.track("mouse")?.points ?? [];
    expect(points).toHaveLength(1_024);
    expect(points.at(-1)).toEqual([1_023, 0, 1_023]);
  });

  it("takes no time that goes back, and nothing twice", () => {
    const recorder = new TrackRecorder();
    for (const atMs of [5, 4, 5]) recorder.add({ x: 1, y: 1, atMs });
    expect(recorder.track("mouse")?.points).toEqual([[0, 0, 0]]);
  });

  it("is none where nothing was recorded", () => {
    const recorder = new TrackRecorder();
    expect([recorder.isEmpty, recorder.track("mouse")]).toEqual([true, null]);
  });
});

describe("the way to a box", () => {
  it("of a mouse has what was near the box, up to the press", () => {
    const watch = new PointerWatch();
    watch.onPointer(pointer("pointermove", 3_000, 3_000, 0));
    watch.onPointer(pointer("pointermove", 300, 300, 10));
    watch.onPointer(pointer("pointerdown", 120, 130, 60));
    expect(watch.trackTo(BOX, 100)).toEqual({
      pointer: "mouse",
      points: [
        [0, 0, 0],
        [-180, -170, 50],
      ],
    });
    expect(watch.trackTo(ANYWHERE, 100).points).toHaveLength(3);
  });

  it("of a finger is the one touch", () => {
    const watch = new PointerWatch();
    watch.onPointer(pointer("pointerdown", 200, 500, 0, "touch"));
    watch.onPointer(pointer("pointermove", 200, 300, 40, "touch"));
    watch.onPointer(pointer("pointerdown", 120, 130, 900, "touch"));
    watch.onPointer(pointer("pointerup", 120, 131, 970, "touch"));
    expect(watch.trackTo(BOX, 980)).toEqual({
      pointer: "touch",
      points: [
        [0, 0, 0],
        [0, 1, 70],
      ],
    });
  });

  it("of keys has their times and not their names, nor that one was held", () => {
    const watch = new PointerWatch();
    watch.onPointer(pointer("pointermove", 120, 130, 0));
    watch.onKey({ type: "keydown", timeStamp: 100, repeat: false });
    watch.onKey({ type: "keydown", timeStamp: 130, repeat: true });
    watch.onKey({ type: "keydown", timeStamp: 250, repeat: false });
    expect(watch.trackTo(BOX, 260)).toEqual({
      pointer: "keyboard",
      points: [
        [0, 0, 0],
        [0, 0, 150],
      ],
    });
  });

  it.each([0, 50_000])(
    "of an aid that sends a click alone says just that, %d ms after anything else",
    (at) => {
      const watch = new PointerWatch();
      if (at > 0) watch.onPointer(pointer("pointerdown", 120, 130, 0));
      expect(watch.trackTo(BOX, at)).toEqual({ pointer: "keyboard", points: [[0, 0, 0]] });
    },
  );
});
