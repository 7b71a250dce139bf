import type { Random } from "../random.ts";
import type { AttackFamily, MotionLaw } from "./attack.ts";
import { lawFamily } from "./law-family.ts";

const SAMPLES = 256;

/** The way from a speed profile, ending at 1. */
function integrated(speedAt: (share: number) => number): MotionLaw {
  const places = [0];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    places.push((places[sample] ?? 0) + Math.max(-2, speedAt((sample + 0.5) / SAMPLES)));
  }
  const end = places[SAMPLES] || 1;
  return (share) => {
    const place = Math.min(1, Math.max(0, share)) * SAMPLES;
    const before = places[Math.floor(place)] ?? end;
    return (
      (before + (place - Math.floor(place)) * ((places[Math.ceil(place)] ?? end) - before)) / end
    );
  };
}

/** A bell of speed, the "Gaussian" velocity profile of BeCAPTCHA-Mouse (Acien et al., 2022). */
function gaussianSpeed(random: Random): MotionLaw {
  const middle = random.between(0.15, 0.7);
  const width = random.between(0.08, 0.35);
  return integrated((s) => Math.exp(-(((s - middle) / width) ** 2) / 2));
}

/** Its logarithmic profile: fast at first and ever slower. */
function logarithmicSpeed(random: Random): MotionLaw {
  const bend = random.factor(2, 60);
  return (s) => Math.log(1 + bend * s) / Math.log(1 + bend);
}

/** Plamondon's kinematic theory (1995): movements are sums of lognormal strokes, later ones correct earlier ones. */
function sigmaLognormal(random: Random): MotionLaw {
  const strokes = Array.from({ length: random.integer(1, 5) }, (_, index) => ({
    from: index === 0 ? 0 : random.between(0.1, 0.75),
    mu: random.between(-2.6, -1),
    sigma: random.between(0.2, 0.7),
    size: index === 0 ? 1 : random.between(-0.15, 0.5),
  }));
  return integrated((s) =>
    strokes.reduce((speed, { from, mu, sigma, size }) => {
      const since = s - from;
      if (since <= 1e-4) return speed;
      const z = (Math.log(since) - mu) / sigma;
      return speed + (size * Math.exp((-z * z) / 2)) / (since * sigma);
    }, 0),
  );
}

/** Bells of speed one after the other: the "several submovements" of newer scripts. */
function bells(random: Random): MotionLaw {
  const parts = Array.from({ length: random.integer(2, 6) }, (_, index) => ({
    middle: random.between(0.05, 0.95),
    width: random.between(0.03, 0.2),
    size: index === 0 ? 1 : random.between(-0.1, 0.8),
  }));
  return integrated((s) =>
    parts.reduce(
      (v, { middle, width, size }) => v + size * Math.exp(-(((s - middle) / width) ** 2)),
      0.02,
    ),
  );
}

/** A skewed bell, from the beta or the Weibull distribution. */
function skewedBell(random: Random): MotionLaw {
  const a = random.between(1.2, 4);
  const b = random.between(1.5, 8);
  if (random.chance(0.5)) return integrated((s) => s ** (a - 1) * (1 - s) ** (b - 1));
  const scale = random.between(0.15, 0.5);
  return integrated((s) => (s / scale) ** (a - 1) * Math.exp(-((s / scale) ** a)));
}

/** Smooth noise laid over a bell: value noise of a few octaves, as "Perlin" scripts do it. */
function smoothNoise(random: Random): MotionLaw {
  const lattice = Array.from({ length: 64 }, () => random.unit());
  const base = gaussianSpeed(random);
  const depth = random.between(0.2, 1.5);
  const octaves = random.pick([4, 8, 16]);
  const speed = (s: number): number =>
    (base(Math.min(1, s + 0.01)) - base(Math.max(0, s - 0.01))) * 50;
  return integrated((s) => {
    const place = s * octaves;
    const from = lattice[Math.floor(place)] ?? 0;
    const to = lattice[Math.floor(place) + 1] ?? 0;
    const part = place - Math.floor(place);
    return (
      speed(s) * (1 + depth * (from + (to - from) * part * part * (3 - 2 * part) - 0.5)) + 0.02
    );
  });
}

export const STROKES: readonly AttackFamily[] = [
  lawFamily("gaussian-speed", gaussianSpeed),
  lawFamily("logarithmic-speed", logarithmicSpeed),
  lawFamily("sigma-lognormal", sigmaLognormal),
  lawFamily("bells", bells),
  lawFamily("skewed-bell", skewedBell),
  lawFamily("smooth-noise", smoothNoise),
];
