import type { FieldReader } from "../field-reader.ts";
import { VERIFY_LIMITS } from "./limits.ts";
import { POINTER_KINDS, type Track, type TrackPoint } from "./types.ts";

/**
 * Reads a track. Points are finite, near the first one, and in the order of their times; one that is not
 * ends the whole track with a fault. Bounded work whatever comes.
 */
export function readTrack(fields: FieldReader): Track {
  const pointer = fields.oneOf("pointer", POINTER_KINDS);
  const points: TrackPoint[] = [];
  let before = 0;
  for (const element of fields.list("points", VERIFY_LIMITS.trackPoints)) {
    const point = readPoint(element, before);
    if (point === null) {
      fields.refuse(
        "points",
        "must be [x, y, t] with finite numbers and times that do not go back",
      );
      return { pointer, points: [] };
    }
    points.push(point);
    before = point[2];
  }
  return { pointer, points };
}

function readPoint(element: unknown, before: number): TrackPoint | null {
  if (!Array.isArray(element) || element.length !== 3) return null;
  const [x, y, t]: unknown[] = element;
  if (!isWithin(x, VERIFY_LIMITS.trackExtent) || !isWithin(y, VERIFY_LIMITS.trackExtent))
    return null;
  return isWithin(t, VERIFY_LIMITS.trackMs) && t >= before ? [x, y, t] : null;
}

function isWithin(value: unknown, extent: number): value is number {
  return typeof value === "number" && Math.abs(value) <= extent;
}
