import { RECORD_LIFETIME_MS, type TrackGroup, type TrackSketch } from "./rpc.ts";
import { isSameMovement } from "./track-likeness.ts";

/** Movements remembered of a group; the oldest is forgotten first. Bounds the time of a look, too. */
export const GROUP_SKETCHES = 2_000;
/** Movements remembered in all; a sketch takes about a kilobyte. */
export const BOOK_SKETCHES = 16_000;

/** A movement that was seen, and where. */
export interface SeenTrack {
  readonly groups: readonly TrackGroup[];
  readonly sketch: TrackSketch;
  readonly seenAt: number;
}

/** The movements that a shard has seen lately, by group, oldest first. Time is passed in. */
export class TrackBook {
  readonly #groups = new Map<TrackGroup, SeenTrack[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Whether a like movement was seen in one of the groups. */
  has(groups: readonly TrackGroup[], sketch: TrackSketch, now: number): boolean {
    return groups.some((group) =>
      (this.#groups.get(group) ?? []).some(
        (seen) => isRemembered(seen, now) && isSameMovement(seen.sketch, sketch),
      ),
    );
  }

  /** Remembers a movement in each of its groups. */
  add(seen: SeenTrack): void {
    for (const group of seen.groups) {
      const tracks = this.#groups.get(group) ?? [];
      this.#groups.set(group, tracks);
      tracks.push(seen);
      this.#size += 1;
      if (tracks.length > GROUP_SKETCHES) this.#forget(tracks, 1);
    }
    while (this.#size > BOOK_SKETCHES) this.#makeRoom();
  }

  /** Forgets what has ended. */
  sweep(now: number): void {
    for (const [group, tracks] of this.#groups) {
      const ended = tracks.findIndex((seen) => isRemembered(seen, now));
      this.#forget(tracks, ended < 0 ? tracks.length : ended);
      if (tracks.length === 0) this.#groups.delete(group);
    }
  }

  #forget(tracks: SeenTrack[], count: number): void {
    tracks.splice(0, count);
    this.#size -= count;
  }

  /** The largest group gives way: its oldest tenth. */
  #makeRoom(): void {
    const largest = [...this.#groups.values()].reduce((a, b) => (b.length > a.length ? b : a));
    this.#forget(largest, Math.ceil(largest.length / 10));
  }
}

/** Whether a movement still counts. */
export function isRemembered({ seenAt }: SeenTrack, now: number): boolean {
  return now < seenAt + RECORD_LIFETIME_MS;
}
