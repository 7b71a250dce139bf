/**
 * Time between two commits of a busy shard. What arrives in between shares one row; a shard that was idle
 * for as long commits at once. It adds at most this much to an answer.
 */
export const COMMIT_GAP_MS = 8;

/** What the commits need of the outside. */
export interface CommitWorld<Change> {
  now(): number;
  later(ms: number, act: () => void): void;
  /** Writes the changes in their order as one transaction; throws when it cannot. */
  write(changes: readonly Change[]): void;
}

/**
 * Group commit (DeWitt et al., "Implementation techniques for main memory database systems", 1984): changes
 * that come close together are written together, and whoever made or read one waits for that write.
 */
export class GroupCommit<Change> {
  readonly #world: CommitWorld<Change>;
  #changes: Change[] = [];
  #pending: PromiseWithResolvers<void> | null = null;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(world: CommitWorld<Change>) {
    this.#world = world;
  }

  /** Adds a change to the next commit. Throws when that is made at once and fails. */
  add(change: Change): void {
    this.#changes.push(change);
    if (this.#pending !== null) return;
    this.#pending = Promise.withResolvers();
    const wait = this.#lastAt + COMMIT_GAP_MS - this.#world.now();
    // A clock that was set back must not hold the commit up.
    if (wait <= 0 || wait > COMMIT_GAP_MS) this.#commit();
    else this.#world.later(wait, () => this.#commitForWaiting());
  }

  /** Settles when everything added so far is written; rejects when it could not be. */
  async committed(): Promise<void> {
    await this.#pending?.promise;
  }

  /** Whoever waits is told of a failure by the promise. */
  #commitForWaiting(): void {
    try {
      this.#commit();
    } catch {}
  }

  #commit(): void {
    const pending = this.#pending;
    const changes = this.#changes;
    this.#pending = null;
    this.#changes = [];
    this.#lastAt = this.#world.now();
    // Whether or not anybody waits, a failure is not to surface as an unhandled rejection.
    pending?.promise.catch(() => {});
    try {
      this.#world.write(changes);
      pending?.resolve();
    } catch (error) {
      pending?.reject(error);
      throw error;
    }
  }
}
