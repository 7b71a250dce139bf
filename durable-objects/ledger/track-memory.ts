import { BUCKET_MS } from "./book.ts";
import { type CommitWorld, GroupCommit } from "./group-commit.ts";
import { RECORD_LIFETIME_MS, type TrackGroup, type TrackSketch } from "./rpc.ts";
import type { LedgerStorage } from "./storage.ts";
import { type SeenTrack, TrackBook } from "./track-book.ts";

type Clock = Pick<CommitWorld<number, SeenTrack>, "now" | "later">;

/** The movements that a shard has seen: answered from memory, stored some seconds at a time. */
export class TrackMemory {
  readonly #storage: LedgerStorage;
  readonly #clock: Clock;
  readonly #commits: GroupCommit<number, SeenTrack>;
  readonly #book = new TrackBook();
  #count = 0;
  #newestAt: number | null = null;

  /** `stored` is called after each row, which is when there is something to erase later. */
  constructor(storage: LedgerStorage, clock: Clock, stored: () => void) {
    this.#storage = storage;
    this.#clock = clock;
    this.#commits = new GroupCommit({
      ...clock,
      write: (tracks) => {
        storage.appendTracks([...tracks.values()]);
        stored();
      },
    });
    for (const seen of storage.loadTracks(clock.now())) this.#remember(seen);
  }

  /** Whether a like movement was seen in one of the groups; remembers this one. */
  recall(groups: readonly TrackGroup[], sketch: TrackSketch): boolean {
    const now = this.#clock.now();
    this.#book.sweep(now);
    const seenBefore = this.#book.has(groups, sketch, now);
    const seen: SeenTrack = { groups, sketch, seenAt: now };
    this.#remember(seen);
    this.#commits.put([[this.#count, seen]], "soon");
    return seenBefore;
  }

  /** Forgets and erases what has ended. */
  sweep(now: number): void {
    this.#book.sweep(now);
    this.#storage.eraseTracks(now);
    if (this.#book.size === 0) this.#newestAt = null;
  }

  /** When all that is remembered now has ended, ms, rounded up so that alarms are few; null for nothing. */
  get nextEnd(): number | null {
    if (this.#newestAt === null) return null;
    return Math.ceil((this.#newestAt + RECORD_LIFETIME_MS) / BUCKET_MS) * BUCKET_MS;
  }

  #remember(seen: SeenTrack): void {
    this.#book.add(seen);
    this.#count += 1;
    this.#newestAt = seen.seenAt;
  }
}
