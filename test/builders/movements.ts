import type { TrackPoint } from "@sluice/protocol";

export type Movement = readonly TrackPoint[];

/** Numbers from 0 to 1, the same for the same seed (a linear congruential generator, as Numerical Recipes has). */
export function numbersOf(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A drag to the right that takes its time and comes to rest, its own for each seed. */
export function aMovement(seed: number, wayPx = 150): Movement {
  const next = numbersOf(seed);
  const bend = 1.5 + 2 * next();
  const points: TrackPoint[] = [[0, 0, 0]];
  let t = 80 + Math.floor(next() * 150);
  let y = 0;
  for (let share = 0.01; share <= 1; share += 0.015 + 0.03 * next()) {
    y += next() < 0.15 ? 1 : 0;
    const eased = 1 - (1 - share) ** bend;
    points.push([Math.round(wayPx * eased), y, t]);
    t += 6 + Math.floor(next() * 14);
  }
  return points;
}

/** What is done to a recorded movement to use it again, each with numbers of its own. */
export const REUSES: Readonly<
  Record<string, (movement: Movement, next: () => number) => Movement>
> = {
  "as it was": (movement) => movement,
  "cut off": (movement, next) =>
    movement.slice(0, Math.max(7, Math.ceil(movement.length * (0.5 + 0.45 * next())))),
  "moved by a pixel": (movement, next) =>
    movement.map(([x, y, t], index) =>
      index === 0 ? [x, y, t] : [x + Math.floor(3 * next()) - 1, y + Math.floor(3 * next()) - 1, t],
    ),
  "on another slider": (movement, next) => {
    const factor = 0.8 + 0.45 * next();
    return movement.map(([x, y, t]) => [Math.round(x * factor), Math.round(y * factor), t]);
  },
  "at another pace": (movement, next) => {
    const factor = 0.8 + 0.45 * next();
    return movement.map(([x, y, t]) => [x, y, Math.round(t * factor)]);
  },
};
