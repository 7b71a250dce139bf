import { type PointerKind, type Track, type TrackPoint, VERIFY_LIMITS } from "@sluice/protocol";

/** A place and a time: CSS pixels, and milliseconds of any clock that does not go back. */
export interface Sample {
  readonly x: number;
  readonly y: number;
  readonly atMs: number;
}

/** How far back a path to a box reaches. */
const RECENT_MS = 10_000;

/**
 * Keeps the way that a pointer took. Of a long way it keeps the last ten seconds or the last 1,024 points,
 * whichever is less; pages learn nothing of it, and the service sees distances from its first point only.
 */
export class TrackRecorder {
  #samples: Sample[] = [];

  /** Adds a sample. One that stands where and when the last one did says nothing new. */
  add(sample: Sample): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && sample.atMs < last.atMs) return;
    if (last?.x === sample.x && last.y === sample.y && last.atMs === sample.atMs) return;
    this.#samples.push(sample);
    if (this.#samples.length >= 2 * VERIFY_LIMITS.trackPoints) this.#forgetOldest();
  }

  get isEmpty(): boolean {
    return this.#samples.length === 0;
  }

  clear(): void {
    this.#samples = [];
  }

  /** The way up to its last sample, of the samples that count; null when there is none. */
  track(pointer: PointerKind, counts: (sample: Sample) => boolean = () => true): Track | null {
    const endedAtMs = this.#samples.at(-1)?.atMs ?? 0;
    const recent = this.#samples
      .filter((sample) => endedAtMs - sample.atMs <= RECENT_MS && counts(sample))
      .slice(-VERIFY_LIMITS.trackPoints);
    const [first] = recent;
    if (first === undefined) return null;
    return { pointer, points: recent.map((sample) => relative(sample, first)) };
  }

  #forgetOldest(): void {
    this.#samples = this.#samples.slice(-VERIFY_LIMITS.trackPoints);
  }
}

/** In tenths: finer is noise, and longer to send. */
function relative(sample: Sample, first: Sample): TrackPoint {
  return [
    bounded(round(sample.x - first.x)),
    bounded(round(sample.y - first.y)),
    round(sample.atMs - first.atMs),
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function bounded(distance: number): number {
  return Math.min(VERIFY_LIMITS.trackExtent, Math.max(-VERIFY_LIMITS.trackExtent, distance));
}
