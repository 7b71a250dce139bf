/** Idempotency keys that are remembered, the newest ones. */
const KEYS_REMEMBERED = 100_000;

/** Idempotency keys of one client with the ordinal of their task; read from the store at first use. */
export class KeyIndex {
  readonly #load: (most: number) => Iterable<{ key: string; ordinal: number }>;
  #ordinals: Map<string, number> | null = null;

  constructor(load: (most: number) => Iterable<{ key: string; ordinal: number }>) {
    this.#load = load;
  }

  /** The ordinal of the task that was enqueued under this key. */
  find(key: string): number | undefined {
    return this.#loaded().get(key);
  }

  remember(key: string, ordinal: number): void {
    const ordinals = this.#loaded();
    ordinals.set(key, ordinal);
    if (ordinals.size <= KEYS_REMEMBERED) return;
    const oldest = ordinals.keys().next();
    if (!oldest.done) ordinals.delete(oldest.value);
  }

  /** Reads the store anew at the next use: some of the tasks were erased. */
  forget(): void {
    this.#ordinals = null;
  }

  #loaded(): Map<string, number> {
    if (this.#ordinals === null) {
      const newestFirst = [...this.#load(KEYS_REMEMBERED)].reverse();
      this.#ordinals = new Map(newestFirst.map(({ key, ordinal }) => [key, ordinal]));
    }
    return this.#ordinals;
  }
}
