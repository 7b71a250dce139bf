import { COMMIT_GAP_MS, type Durability } from "./rpc.ts";

/**
 * How long a change that nobody waits for may be unwritten. Longer than most pages take from the solved
 * challenge to the redeemed pass when they send their form at once, so that both share a row; short, since the
 * shard stays awake meanwhile and a crash forgets it.
 */
export const SOON_MS = 3_000;

/** What the commits need of the outside. */
export interface CommitWorld<Key, Value> {
  now(): number;
  /** Acts after so many milliseconds, unless what it returns is called before. */
  later(ms: number, act: () => void): () => void;
  /** Writes the changes as one transaction; throws when it cannot. */
  write(changes: ReadonlyMap<Key, Value>): void;
}

/**
 * Group commit (DeWitt et al., "Implementation techniques for main memory database systems", 1984): changes
 * that come close together are written together, and whoever made or read one waits for that write. A change
 * may also be put to be written soon: with the next commit that somebody waits for, or by itself.
 */
export class GroupCommit<Key, Value> {
  readonly #world: CommitWorld<Key, Value>;
  /** Everything unwritten, of each key the newest. */
  #changes = new Map<Key, Value>();
  /** The commit that somebody waits for. */
  #awaited: PromiseWithResolvers<void> | null = null;
  #cancelSoon: (() => void) | null = null;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(world: CommitWorld<Key, Value>) {
    this.#world = world;
  }

  /** Adds changes to the next commit. Throws when that is made at once and fails. */
  put(changes: readonly (readonly [Key, Value])[], durability: Durability): void {
    for (const [key, value] of changes) this.#changes.set(key, value);
    if (changes.length === 0 || this.#awaited !== null) return;
    if (durability === "durable") this.#plan();
    else this.#cancelSoon ??= this.#world.later(SOON_MS, this.#commitForWaiting);
  }

  /** Settles when what is known of these keys is written; rejects when it could not be. */
  async stored(keys: readonly Key[]): Promise<void> {
    if (keys.some((key) => this.#changes.has(key))) await this.storedAll();
  }

  /** Settles when everything put so far is written; rejects when it could not be. */
  async storedAll(): Promise<void> {
    if (this.#changes.size > 0) await (this.#awaited ?? this.#plan()).promise;
  }

  /** Plans a commit that is waited for: at once, or when the gap is over. */
  #plan(): PromiseWithResolvers<void> {
    const awaited = Promise.withResolvers<void>();
    // Whether or not anybody waits, a failure is not to surface as an unhandled rejection.
    awaited.promise.catch(() => {});
    this.#awaited = awaited;
    const wait = this.#lastAt + COMMIT_GAP_MS - this.#world.now();
    // A clock that was set back must not hold the commit up.
    if (wait <= 0 || wait > COMMIT_GAP_MS) this.#commit();
    else this.#world.later(wait, this.#commitForWaiting);
    return awaited;
  }

  /** Whoever waits is told of a failure by the promise; the rest is for the writer to deal with. */
  #commitForWaiting = (): void => {
    try {
      this.#commit();
    } catch {}
  };

  #commit(): void {
    const awaited = this.#awaited;
    const changes = this.#changes;
    this.#awaited = null;
    this.#changes = new Map();
    this.#cancelSoon?.();
    this.#cancelSoon = null;
    this.#lastAt = this.#world.now();
    try {
      this.#world.write(changes);
      awaited?.resolve();
    } catch (error) {
      awaited?.reject(error);
      throw error;
    }
  }
}
