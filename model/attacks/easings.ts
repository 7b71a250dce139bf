import type { AttackFamily, MotionLaw } from "./attack.ts";
import { dress } from "./ornaments.ts";

/** The easings that every animation library has, as R. Penner named them, from slow to fast. */
const EASE_IN: Readonly<Record<string, MotionLaw>> = {
  sine: (s) => 1 - Math.cos((s * Math.PI) / 2),
  quad: (s) => s ** 2,
  cubic: (s) => s ** 3,
  quart: (s) => s ** 4,
  quint: (s) => s ** 5,
  expo: (s) => (s === 0 ? 0 : 2 ** (10 * s - 10)),
  circ: (s) => 1 - Math.sqrt(Math.max(0, 1 - s * s)),
  back: (s) => 2.70158 * s ** 3 - 1.70158 * s ** 2,
  elastic: (s) =>
    s === 0 ? 0 : -(2 ** (10 * s - 10)) * Math.sin((s * 10 - 10.75) * ((2 * Math.PI) / 3)),
  bounce: (s) => 1 - bounceOut(1 - s),
};

function bounceOut(s: number): number {
  if (s < 1 / 2.75) return 7.5625 * s * s;
  if (s < 2 / 2.75) return 7.5625 * (s - 1.5 / 2.75) ** 2 + 0.75;
  if (s < 2.5 / 2.75) return 7.5625 * (s - 2.25 / 2.75) ** 2 + 0.9375;
  return 7.5625 * (s - 2.625 / 2.75) ** 2 + 0.984375;
}

function out(law: MotionLaw): MotionLaw {
  return (s) => 1 - law(1 - s);
}

function inOut(law: MotionLaw): MotionLaw {
  return (s) => (s < 0.5 ? law(2 * s) / 2 : 1 - law(2 - 2 * s) / 2);
}

function outIn(law: MotionLaw): MotionLaw {
  return (s) => (s < 0.5 ? out(law)(2 * s) / 2 : 0.5 + law(2 * s - 1) / 2);
}

function family(name: string, group: string, law: MotionLaw): AttackFamily {
  return { name, group, replay: false, generate: (random, loot) => dress(law, random, loot) };
}

/** Constant speed, and each easing in, out and both. */
export const EASINGS: readonly AttackFamily[] = [
  family("constant", "constant", (s) => s),
  family("smoothstep", "ease-in-out", (s) => s * s * (3 - 2 * s)),
  ...Object.entries(EASE_IN).flatMap(([name, law]) => [
    family(`ease-in-${name}`, "ease-in", law),
    family(`ease-out-${name}`, "ease-out", out(law)),
    family(`ease-in-out-${name}`, "ease-in-out", inOut(law)),
  ]),
  family("ease-out-in-cubic", "ease-out-in", outIn(EASE_IN.cubic ?? ((s) => s))),
];
