import type { TrackPoint } from "@sluice/protocol";
import type { Random } from "../random.ts";

type Points = readonly TrackPoint[];

/**
 * The same hand on another day, or another hand: what differs between people and tasks more than any collection
 * of tracks shows. For people alone: these keep a hand's fine structure, which is what tells it from a script.
 */
export function asAnotherPerson(points: Points, random: Random): TrackPoint[] {
  let track: TrackPoint[] = [...points];
  if (random.chance(0.4)) track = stoppedEarly(track, random);
  if (random.chance(0.05)) track = joinedLate(track, random);
  if (random.chance(0.4)) track = withOtherRests(track, random);
  if (random.chance(0.6)) track = atOtherPaces(track, random);
  if (random.chance(0.3)) track = withoutReturn(track);
  if (random.chance(0.1)) track = onNoisierSensor(track, random);
  if (random.chance(0.06)) track = track.map(([x, , t]) => [x, 0, t]);
  return track;
}

/** Whoever aims well stops without a search for the place: the last part of the way is left out. */
function stoppedEarly(points: Points, random: Random): TrackPoint[] {
  const goal = random.between(0.5, 1) * Math.max(...points.map(([x]) => x));
  const until = points.findIndex(([x]) => x >= goal);
  const last = Math.max(until, Math.min(points.length - 1, 8));
  return points.slice(0, last + 1);
}

/** A press that was recorded late: the first part of the way is left out. */
function joinedLate(points: Points, random: Random): TrackPoint[] {
  const from = Math.floor(random.between(0, 0.25) * points.length);
  if (points.length - from < 9) return [...points];
  const [x0, y0, t0] = points[from] ?? [0, 0, 0];
  return points.slice(from).map(([x, y, t]) => [x - x0, y - y0, t - t0]);
}

/** Long rests made shorter, or longer, each for itself. */
function withOtherRests(points: Points, random: Random): TrackPoint[] {
  const longMs = random.between(50, 120);
  const keep = random.chance(0.5) ? random.between(0, 0.6) : random.between(0.5, 2);
  let saved = 0;
  return points.map(([x, y, t], index) => {
    const gap = t - (points[index - 1]?.[2] ?? t);
    if (gap > longMs)
      saved += (gap - longMs * random.between(0.3, 1)) * (1 - keep * random.between(0.6, 1.4));
    return [x, y, Math.max(0, t - saved)];
  });
}

/** Now slower, now quicker than it was, changing gently: where on the way the hurry is differs most of all. */
function atOtherPaces(points: Points, random: Random): TrackPoint[] {
  const depth = random.between(0.1, 0.9);
  const waves = random.between(0.2, 1.5);
  const phase = random.between(0, 2 * Math.PI);
  const whole = random.factor(0.5, 4.5);
  const total = Math.max(1, points.at(-1)?.[2] ?? 1);
  let now = 0;
  return points.map(([x, y, t], index) => {
    const gap = t - (points[index - 1]?.[2] ?? t);
    now += gap * whole * Math.exp(depth * Math.sin(phase + (2 * Math.PI * waves * t) / total));
    return [x, y, now];
  });
}

/** Never back: the last part from the first moment at the final place, or every step back, is left out. */
function withoutReturn(points: Points): TrackPoint[] {
  let farthest = Number.NEGATIVE_INFINITY;
  return points.filter(([x]) => {
    const onward = x >= farthest;
    farthest = Math.max(farthest, x);
    return onward;
  });
}

function onNoisierSensor(points: Points, random: Random): TrackPoint[] {
  const size = random.between(0.2, 0.6);
  return points.map(([x, y, t], index) =>
    index === 0 ? [x, y, t] : [x + size * random.normal(), y + 0.6 * size * random.normal(), t],
  );
}
