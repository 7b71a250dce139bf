import type { Track, TrackPoint } from "@sluice/protocol";
import type { TrackGroup, TrackSketch } from "../../../durable-objects/ledger/rpc.ts";

/** Points that a sketch keeps: all of the beginning, then fewer and fewer, so that a track cut off keeps them. */
const KEPT = keptPoints([
  { until: 16, step: 1 },
  { until: 32, step: 2 },
  { until: 64, step: 4 },
  { until: 128, step: 8 },
]);
/** With fewer points there is nothing to recognise. */
const MIN_POINTS = 6;
/** The two early points whose times are compared to tell roughly alike tracks. */
const EARLY = { first: 3, second: 6 };
/** Groups of roughly alike tracks; each shard of the ring holds some. */
const PACES = 8;
/** A share this close to a group's edge is looked for on both sides of it: rounding moves it so far. */
const EDGE = 0.05;

/** The points by which a movement is recognised when it is used again; null for too little of one. */
export function sketchTrack({ points }: Pick<Track, "points">): TrackSketch | null {
  const [first] = points;
  if (first === undefined || points.length < MIN_POINTS) return null;
  return KEPT.flatMap((index) => fromFirst(points[index], first));
}

/** The group of a site's tracks. */
export function siteGroup(siteId: string): TrackGroup {
  return `site-${siteId}` as TrackGroup;
}

/** The groups, one or two, of tracks of all sites that begin at about the same pace; the same for a replay. */
export function paceGroups({ points }: Pick<Track, "points">): readonly TrackGroup[] {
  const start = points[0]?.[2] ?? 0;
  const first = (points[EARLY.first]?.[2] ?? start) - start;
  const second = (points[EARLY.second]?.[2] ?? start) - start;
  const share = second > 0 ? first / second : 0;
  const paces = [share - EDGE, share + EDGE].map((value) =>
    Math.min(PACES - 1, Math.max(0, Math.floor(value * PACES))),
  );
  return [...new Set(paces)].map((pace) => `pace-of-all-sites-${pace}` as TrackGroup);
}

function fromFirst(point: TrackPoint | undefined, [x0, y0, t0]: TrackPoint): number[] {
  if (point === undefined) return [];
  const [x, y, t] = point;
  return [Math.round(x - x0), Math.round(y - y0), Math.round(t - t0)];
}

function keptPoints(spans: readonly { readonly until: number; readonly step: number }[]): number[] {
  const kept = [0];
  for (const { until, step } of spans) {
    for (let next = (kept.at(-1) ?? 0) + step; next <= until; next += step) kept.push(next);
  }
  return kept;
}
