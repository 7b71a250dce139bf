import { type TrackPoint, VERIFY_LIMITS } from "@sluice/protocol";

/** Points beyond this many are not looked at. */
const MAX_POINTS = VERIFY_LIMITS.trackPoints;
/** With fewer places than this there is no movement to judge. */
const MIN_PLACES = 5;
/** Shorter than any slider's way. */
const MIN_SPAN_PX = 8;
/** A hand needs longer from the first to the last place. */
const MIN_MOTION_MS = 100;

/** Why a track cannot be judged. */
export type Unfit = "malformed" | "too_short";

/**
 * A track reduced to what does not depend on the page that recorded it: whole pixels and milliseconds from
 * its first point, always to the right, each place once. Valid until the next call of {@link cleanTrack}.
 */
export interface CleanTrack {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly t: Float64Array;
  /** How many places there are; each differs from the one before in position and in time. */
  readonly count: number;
  /** Time of the last point, at which the pointer may have rested. */
  readonly endMs: number;
  /** The longest way from the start, in pixels: the unit of length for everything else. */
  readonly spanPx: number;
}

// One track is judged at a time and judging never waits, so that one set of buffers serves all.
const xs = new Float64Array(MAX_POINTS);
const ys = new Float64Array(MAX_POINTS);
const ts = new Float64Array(MAX_POINTS);

/**
 * Cleans a track. Points that stay in place and points at the same moment become one: whether they are
 * recorded depends on the browser and says nothing of the hand. Bounded by {@link MAX_POINTS}.
 */
export function cleanTrack(points: readonly TrackPoint[]): CleanTrack | Unfit {
  const given = Math.min(points.length, MAX_POINTS);
  const first = points[0];
  const last = points[given - 1];
  if (first === undefined || last === undefined) return "too_short";
  if (!arePlausible(points, given)) return "malformed";
  const towards = last[0] < first[0] ? -1 : 1;
  const count = collapse(points, given, towards);
  const endMs = Math.round(last[2] - first[2]);
  const spanPx = span(count);
  const motionMs = (ts[count - 1] ?? 0) - (ts[1] ?? 0);
  if (count < MIN_PLACES || spanPx < MIN_SPAN_PX || motionMs < MIN_MOTION_MS) return "too_short";
  return { x: xs, y: ys, t: ts, count, endMs, spanPx };
}

function arePlausible(points: readonly TrackPoint[], given: number): boolean {
  let before = Number.NEGATIVE_INFINITY;
  const start = points[0]?.[2] ?? Number.NaN;
  for (let index = 0; index < given; index += 1) {
    const point = points[index];
    if (point === undefined) return false;
    const x = point[0];
    const y = point[1];
    const t = point[2];
    // Written so that NaN fails each of them.
    if (!(Math.abs(x) <= VERIFY_LIMITS.trackExtent && Math.abs(y) <= VERIFY_LIMITS.trackExtent))
      return false;
    if (!(t >= before && t - start <= VERIFY_LIMITS.trackMs)) return false;
    before = t;
  }
  return true;
}

/** Fills the buffers and returns how many places there are. */
function collapse(points: readonly TrackPoint[], given: number, towards: 1 | -1): number {
  const [x0, y0, t0] = points[0] ?? [0, 0, 0];
  xs[0] = 0;
  ys[0] = 0;
  ts[0] = 0;
  let count = 1;
  for (let index = 1; index < given; index += 1) {
    const point = points[index];
    if (point === undefined) break;
    const x = Math.round((point[0] - x0) * towards);
    const y = Math.round(point[1] - y0);
    if (x === xs[count - 1] && y === ys[count - 1]) continue;
    const t = Math.round(point[2] - t0);
    if (t > (ts[count - 1] ?? 0)) count += 1;
    // The press itself stays at its place.
    else if (count === 1) continue;
    xs[count - 1] = x;
    ys[count - 1] = y;
    ts[count - 1] = t;
  }
  return count;
}

function span(count: number): number {
  let farthest = 0;
  for (let index = 0; index < count; index += 1) {
    farthest = Math.max(farthest, Math.abs(xs[index] ?? 0));
  }
  return farthest;
}
