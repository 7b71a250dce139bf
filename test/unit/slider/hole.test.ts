import { expect, test } from "vitest";
import { Draws } from "../../../workers/verify/slider/draws.ts";
import { BOX, WIDTH } from "../../../workers/verify/slider/geometry.ts";
import { cutHoles } from "../../../workers/verify/slider/hole.ts";
import { type Cut, drawLayout } from "../../../workers/verify/slider/layout.ts";
import { paintScene } from "../../../workers/verify/slider/scenes/index.ts";
import { seededBytes } from "../../builders/random.ts";

const pictures = Array.from({ length: 200 }, (_, seed) => {
  const draws = new Draws(seededBytes(seed));
  const layout = drawLayout(draws);
  const scene = paintScene(draws);
  return { layout, scene, picture: cutHoles(scene, draws, [layout.hole, ...layout.decoys]) };
});

/** How much lighter the inside of a cut is than its surroundings; negative where it is darker. */
function contrast(canvas: (typeof pictures)[number]["picture"], cut: Cut): number {
  const sums = { inside: 0, area: 0, outside: 0, ring: 0 };
  for (let y = 0; y < BOX; y += 1) {
    for (let x = 0; x < BOX; x += 1) {
      const tone = canvas.toneAt(cut.x + x, cut.top + y);
      const distance = cut.outline.at(x, y);
      if (distance < -1) {
        sums.inside += tone;
        sums.area += 1;
      } else if (distance > 1 && distance < 7) {
        sums.outside += tone;
        sums.ring += 1;
      }
    }
  }
  return sums.inside / sums.area - sums.outside / sums.ring;
}

test("every hole differs in lightness from what is around it", () => {
  for (const { layout, picture } of pictures) {
    for (const cut of [layout.hole, ...layout.decoys]) {
      expect(Math.abs(contrast(picture, cut))).toBeGreaterThan(0.07);
    }
  }
});

test("the hole stands out no more than its decoys", () => {
  const strength = (cut: (layout: (typeof pictures)[number]["layout"]) => Cut | undefined) => {
    const all = pictures.flatMap(({ layout, picture }) => {
      const chosen = cut(layout);
      return chosen ? [Math.abs(contrast(picture, chosen))] : [];
    });
    return all.reduce((sum, value) => sum + value, 0) / all.length;
  };
  const ratio = strength(({ hole }) => hole) / strength(({ decoys }) => decoys[0]);
  expect(ratio).toBeGreaterThan(0.9);
  expect(ratio).toBeLessThan(1.1);
});

test("holes are both darker and lighter than their surroundings", () => {
  const darker = pictures.filter(({ layout, picture }) => contrast(picture, layout.hole) < 0);
  expect(darker.length / pictures.length).toBeGreaterThan(0.3);
  expect(darker.length / pictures.length).toBeLessThan(0.8);
});

test("a hole does not hold what was there", () => {
  let same = 0;
  let pixels = 0;
  for (const { layout, scene, picture } of pictures) {
    for (let y = 20; y < 40; y += 1) {
      for (let x = 20; x < 40; x += 1) {
        const at = [layout.hole.x + x, layout.hole.top + y] as const;
        if (Math.abs(scene.toneAt(...at) - picture.toneAt(...at)) < 0.01) same += 1;
        pixels += 1;
      }
    }
  }
  expect(same / pixels).toBeLessThan(0.08);
});

test("outside its holes a picture is the scene", () => {
  for (const { layout, scene, picture } of pictures.slice(0, 20)) {
    const cuts = [layout.hole, ...layout.decoys];
    let changed = 0;
    for (let pixel = 0; pixel < scene.tones.length; pixel += 1) {
      const [x, y] = [pixel % WIDTH, Math.floor(pixel / WIDTH)];
      const isNear = cuts.some((cut) => {
        const isInBox = x >= cut.x && x < cut.x + BOX && y >= cut.top && y < cut.top + BOX;
        return isInBox && cut.outline.at(x - cut.x, y - cut.top) < 2;
      });
      if (!isNear && picture.tones[pixel] !== scene.tones[pixel]) changed += 1;
    }
    expect(changed).toBe(0);
  }
});
