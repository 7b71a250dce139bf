/** Lines that come within so long share a row. */
export const FLUSH_AFTER_MS = 5_000;
/** Lines of a row, and characters after which it is written early: far below the 2 MB that a row may have. */
export const MAX_ROW_LINES = 200;
export const MAX_ROW_CHARACTERS = 512 * 1024;

/** Lines that wait for their row. */
export interface Batch {
  /** Milliseconds, when the first of them came. */
  readonly since: number;
  readonly lines: readonly string[];
}

interface BufferWorld {
  now(): number;
  /** Acts after so many milliseconds, unless what it returns is called before. */
  later(ms: number, act: () => void): () => void;
  /** Writes one row. */
  write(batch: Batch): void;
}

/** Gathers lines for a few seconds, so that a busy site costs a row for many and not for each. */
export class LineBuffer {
  readonly #world: BufferWorld;
  #lines: string[] = [];
  #characters = 0;
  #since = 0;
  #cancel: (() => void) | null = null;

  constructor(world: BufferWorld) {
    this.#world = world;
  }

  get size(): number {
    return this.#lines.length;
  }

  add(line: string): void {
    if (this.#lines.length === 0) {
      this.#since = this.#world.now();
      this.#cancel = this.#world.later(FLUSH_AFTER_MS, () => this.flush());
    }
    this.#lines.push(line);
    this.#characters += line.length;
    if (this.#lines.length >= MAX_ROW_LINES || this.#characters >= MAX_ROW_CHARACTERS) this.flush();
  }

  /** Writes what there is. What the writer throws passes through, and the lines are gone. */
  flush(): void {
    const batch = { since: this.#since, lines: this.#lines };
    this.clear();
    if (batch.lines.length > 0) this.#world.write(batch);
  }

  /** Forgets what is not written. */
  clear(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#lines = [];
    this.#characters = 0;
  }
}
