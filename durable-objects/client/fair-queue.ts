/** Priorities 0 to 9. */
const LEVELS = 10;

/** A first-in, first-out line of ordinals that shifts in constant time. */
class Line {
  #items: number[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(ordinal: number): void {
    this.#items.push(ordinal);
  }

  peek(): number | undefined {
    return this.#items[this.#head];
  }

  shift(): void {
    this.#head += 1;
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Puts ordinals before all others, in their order. */
  unshift(ordinals: readonly number[]): void {
    this.#items = [...ordinals, ...this.#items.slice(this.#head)];
    this.#head = 0;
  }
}

/** One priority: a line per fairness key, served in turn. */
interface Level {
  readonly lines: Map<string, Line>;
  /** Keys with something in line; the first is served next. */
  turn: string[];
}

/**
 * The order in which queued tasks leave: the highest priority first; within it the fairness keys in
 * turn, so that one caller's five hundred tasks do not starve another's one; within a key first in,
 * first out. Holds ordinals only. An ordinal that is no longer queued is skipped by its taker.
 * Turn-taking after Temporal's fairness keys.
 */
export class FairQueue {
  readonly #levels: Level[] = Array.from({ length: LEVELS }, () => ({
    lines: new Map(),
    turn: [],
  }));

  /** Appends to the end of its line. */
  push(ordinal: number, priority: number, fairnessKey: string): void {
    this.#line(priority, fairnessKey).push(ordinal);
  }

  /** Returns ordinals, in ascending order, to the front of their line. */
  putBack(ordinals: readonly number[], priority: number, fairnessKey: string): void {
    this.#line(priority, fairnessKey).unshift(ordinals);
  }

  /** The ordinal that leaves next among priorities of `atLeast` or more. */
  peek(atLeast = 0): number | undefined {
    return this.#next(atLeast)?.line.peek();
  }

  /** Removes what {@link peek} shows and gives its key's turn to the next key. */
  shift(atLeast = 0): void {
    const next = this.#next(atLeast);
    if (next === undefined) return;
    const { level, key, line } = next;
    line.shift();
    if (line.length === 0) {
      level.lines.delete(key);
      level.turn.shift();
    } else if (level.turn.length > 1) {
      level.turn.shift();
      level.turn.push(key);
    }
  }

  #next(atLeast: number): { level: Level; key: string; line: Line } | undefined {
    for (let priority = LEVELS - 1; priority >= atLeast; priority -= 1) {
      const level = this.#levels[priority];
      const key = level?.turn[0];
      if (level === undefined || key === undefined) continue;
      const line = level.lines.get(key);
      if (line !== undefined) return { level, key, line };
    }
    return undefined;
  }

  #line(priority: number, fairnessKey: string): Line {
    const level = this.#levels[priority];
    if (level === undefined) throw new RangeError("priority out of range");
    let line = level.lines.get(fairnessKey);
    if (line === undefined) {
      line = new Line();
      level.lines.set(fairnessKey, line);
      level.turn.push(fairnessKey);
    }
    return line;
  }
}
