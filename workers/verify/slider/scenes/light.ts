import type { Draws } from "../draws.ts";

/** The tones of a scene at one hour: the sky from top to horizon, the ground from far to near. */
export interface Light {
  readonly zenith: number;
  readonly horizon: number;
  /** Of sun or moon. */
  readonly orb: number;
  /** How far the orb's glow lightens the sky. */
  readonly glow: number;
  readonly far: number;
  readonly near: number;
  readonly stars: boolean;
}

/** Day, evening or night, a little different each time. */
export function drawLight(draws: Draws): Light {
  const hour = draws.pick([day, day, evening, evening, night]);
  return hour(draws);
}

function day(draws: Draws): Light {
  return {
    zenith: draws.between(0.66, 0.76),
    horizon: draws.between(0.88, 0.95),
    orb: 1,
    glow: 0.1,
    far: draws.between(0.68, 0.76),
    near: draws.between(0.14, 0.24),
    stars: false,
  };
}

function evening(draws: Draws): Light {
  return {
    zenith: draws.between(0.4, 0.52),
    horizon: draws.between(0.78, 0.88),
    orb: 0.97,
    glow: 0.16,
    far: draws.between(0.54, 0.62),
    near: draws.between(0.05, 0.13),
    stars: false,
  };
}

function night(draws: Draws): Light {
  return {
    zenith: draws.between(0.14, 0.22),
    horizon: draws.between(0.46, 0.56),
    orb: 0.96,
    glow: 0.2,
    far: draws.between(0.34, 0.4),
    near: draws.between(0.02, 0.07),
    stars: true,
  };
}
