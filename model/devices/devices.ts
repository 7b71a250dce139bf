import type { TrackPoint } from "@sluice/protocol";
import type { Random } from "../random.ts";

type Points = readonly TrackPoint[];

/**
 * The same movement as another device, browser or room would have recorded it. Applied to people and to scripts
 * alike, so that nothing a device does can tell one from the other.
 */
export function onAnotherDevice(points: Points, random: Random): TrackPoint[] {
  let track: TrackPoint[] = [...points];
  if (random.chance(0.5)) track = resized(track, random);
  if (random.chance(0.35)) track = otherHandedness(track, random);
  if (random.chance(0.55)) track = sampledBy(track, random);
  if (random.chance(0.3)) track = withoutSome(track, random);
  if (random.chance(0.35)) track = otherEnds(track, random);
  if (random.chance(0.5)) track = onCoarseClock(track, random);
  return rounded(track, random);
}

/** A wider or narrower slider, a quicker or slower person. */
function resized(points: Points, random: Random): TrackPoint[] {
  const space = random.factor(0.6, 1.8);
  const time = random.factor(0.6, 1.5);
  return points.map(([x, y, t]) => [x * space, y * space, t * time]);
}

/** Mirrored up and down, on a tilted device or in the arc of a thumb. */
function otherHandedness(points: Points, random: Random): TrackPoint[] {
  const mirror = random.pick([-1, 1]);
  const depth = random.factor(0.5, 2);
  const tilt = random.chance(0.5) ? random.between(-0.12, 0.12) : 0;
  const arc = random.chance(0.3) ? random.between(-0.1, 0.1) : 0;
  const end = Math.max(1, points.at(-1)?.[0] ?? 1);
  return points.map(([x, y, t]) => [
    x,
    mirror * depth * y + tilt * x + (arc * x * (end - x)) / end,
    t,
  ]);
}

/** A pointer that reports at another rate: only while it moves, as browsers do. */
function sampledBy(points: Points, random: Random): TrackPoint[] {
  const rate = random.pick([8, 10, 16, 30, 50, 60, 60, 60, 75, 90, 100, 120, 125, 125, 144, 250]);
  const periodMs = 1_000 / rate;
  const jitterMs = random.chance(0.6) ? periodMs * random.between(0, 0.15) : 0;
  const [first] = points;
  const [, , total] = points.at(-1) ?? [0, 0, 0];
  if (first === undefined || total / periodMs > 900) return [...points];
  const result: TrackPoint[] = [first];
  const curve = new HandCurve(points);
  let reported = [Math.round(first[0]), Math.round(first[1])];
  for (let now = periodMs * random.unit(); now < total; now += periodMs) {
    const at = Math.max(result.at(-1)?.[2] ?? 0, now + jitterMs * random.normal());
    const [x, y] = curve.at(Math.min(total, at));
    if (Math.round(x) === reported[0] && Math.round(y) === reported[1]) continue;
    reported = [Math.round(x), Math.round(y)];
    result.push([x, y, at]);
  }
  const last = points.at(-1) ?? first;
  result.push([last[0], last[1], Math.max(last[2], result.at(-1)?.[2] ?? 0)]);
  return result;
}

/**
 * A smooth curve through recorded points that neither overshoots them (monotone, Fritsch and Carlson 1980) nor
 * moves while the pointer was at rest.
 */
class HandCurve {
  readonly #points: Points;
  readonly #restMs: number;
  #index = 1;

  constructor(points: Points) {
    this.#points = points;
    const total = (points.at(-1)?.[2] ?? 0) - (points[1]?.[2] ?? 0);
    this.#restMs = Math.max(20, (2 * total) / Math.max(1, points.length - 2));
  }

  /** Times must not go back from call to call. */
  at(now: number): [number, number] {
    const points = this.#points;
    while (this.#index < points.length - 1 && (points[this.#index]?.[2] ?? 0) < now)
      this.#index += 1;
    const b = points[this.#index] ?? [0, 0, 0];
    const a = points[this.#index - 1] ?? b;
    const leftMs = Math.max(a[2], b[2] - this.#restMs);
    const part = b[2] > leftMs ? Math.min(1, Math.max(0, (now - leftMs) / (b[2] - leftMs))) : 1;
    const before = points[this.#index - 2] ?? a;
    const after = points[this.#index + 1] ?? b;
    return [
      monotone(before[0], a[0], b[0], after[0], part),
      monotone(before[1], a[1], b[1], after[1], part),
    ];
  }
}

function monotone(before: number, a: number, b: number, after: number, part: number): number {
  const step = b - a;
  const slope = (near: number): number =>
    near * step <= 0 ? 0 : (2 * near * step) / (near + step);
  const slopeA = slope(a - before);
  const slopeB = slope(after - b);
  const p2 = part * part;
  const p3 = p2 * part;
  return a + step * (3 * p2 - 2 * p3) + slopeA * (p3 - 2 * p2 + part) + slopeB * (p3 - p2);
}

/** A busy page: events that were merged or lost. */
function withoutSome(points: Points, random: Random): TrackPoint[] {
  const lost = random.between(0.05, 0.5);
  return points.filter(
    (_, index) => index === 0 || index === points.length - 1 || !random.chance(lost),
  );
}

/** Another rest before and after the movement, or none that was recorded. */
function otherEnds(points: Points, random: Random): TrackPoint[] {
  const startMs = random.chance(0.3) ? 0 : random.factor(10, 600);
  const endMs = random.chance(0.4) ? 0 : random.factor(5, 600);
  const moved = points.findIndex(([x, y]) => Math.round(x) !== 0 || Math.round(y) !== 0);
  const from = points[moved];
  if (from === undefined) return [...points];
  const [lastX, lastY] = points.at(-1) ?? from;
  let still = points.length - 1;
  while (still > moved && points[still - 1]?.[0] === lastX && points[still - 1]?.[1] === lastY)
    still -= 1;
  const moving = points
    .slice(moved, still + 1)
    .map(([x, y, t]): TrackPoint => [x, y, t - from[2] + startMs]);
  const track: TrackPoint[] = [[0, 0, 0], ...moving];
  if (endMs > 0) track.push([lastX, lastY, (moving.at(-1)?.[2] ?? 0) + endMs]);
  return track;
}

/** Time stamps that a browser has made coarse, against fingerprinting or from habit. */
function onCoarseClock(points: Points, random: Random): TrackPoint[] {
  const grainMs = random.pick([1, 1, 2, 4, 8, 10, 1000 / 60, 1000 / 60, 1000 / 120, 15.6]);
  return points.map(([x, y, t]) => [x, y, Math.round(Math.round(t / grainMs) * grainMs)]);
}

function rounded(points: Points, random: Random): TrackPoint[] {
  const round = random.chance(0.7) ? Math.round : Math.floor;
  let latest = 0;
  return points.map(([x, y, t]) => {
    latest = Math.max(latest, Math.round(t));
    return [round(x), round(y), latest];
  });
}
