import { isTerminal } from "@sluice/protocol";
import { FairQueue } from "./fair-queue.ts";
import { InFlight } from "./in-flight.ts";
import type { TaskRecord } from "./record.ts";
import { type Page, RecordPages } from "./record-pages.ts";
import { expiryOf, findSegment, optionsOf, type Segment } from "./segment.ts";
import { Tally } from "./tally.ts";

/** What the store gives back after a restart: everything that may hold a task that has not ended. */
export interface BookImage {
  /** Sorted by `first`. */
  readonly segments: readonly Segment[];
  readonly pages: readonly Page[];
  readonly closedPages: readonly number[];
  /** Ordinal of the next task. */
  readonly next: number;
}

/**
 * The unfinished tasks of one client in memory: a cache of what is stored, built anew from it at any
 * time. The truth is in the records; the book keeps the queue, the tally and the batches in flight in
 * step with them. No clock and no I/O: times are passed in, and the caller stores the changed pages.
 */
export class Book {
  readonly queue = new FairQueue();
  readonly inFlight = new InFlight();
  readonly tally = new Tally();
  readonly pages: RecordPages;
  /** Unfinished tasks of each segment, by its first ordinal. */
  readonly #live = new Map<number, number>();
  #segments: Segment[];
  #next: number;
  /** No task ends by time before this, ms. A lower bound. */
  dueAt = Number.POSITIVE_INFINITY;

  constructor(image: BookImage) {
    this.#segments = [...image.segments];
    this.#next = image.next;
    this.pages = new RecordPages(image.pages, image.closedPages);
    for (const segment of this.#segments) this.#enter(segment);
    this.#segments = this.#segments.filter((segment) => this.#live.has(segment.first));
  }

  get next(): number {
    return this.#next;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Takes in a new segment, all of it queued. */
  append(segment: Segment): void {
    this.#segments.push(segment);
    this.#next = segment.first + segment.count;
    for (let ordinal = segment.first; ordinal < this.#next; ordinal += 1) {
      this.#enqueue(segment, ordinal);
    }
    this.tally.addQueued(segment);
    this.#keep(segment, segment.count);
  }

  /** The segment of a task that may be unfinished; undefined sends the caller to the store. */
  segmentOf(ordinal: number): Segment | undefined {
    if (this.pages.isClosed(ordinal)) return undefined;
    return findSegment(this.#segments, ordinal);
  }

  /**
   * Replaces a record and everything that is derived from it. `after === before` changes nothing.
   * `store` says whether the page must be stored with this event or may wait.
   */
  replace(
    segment: Segment,
    ordinal: number,
    before: TaskRecord,
    after: TaskRecord,
    store: "now" | "later" = "now",
  ): boolean {
    if (after === before) return false;
    const page = this.pages.write(segment, ordinal, after, store);
    if (before.state === after.state) return true;
    this.tally.remove(segment, ordinal, before.state);
    if (before.state === "leased") this.inFlight.remove(ordinal, before);
    this.tally.add(segment, ordinal, after.state);
    if (after.state === "leased") this.inFlight.add(ordinal, after);
    if (isTerminal(after.state)) this.#leave(segment, page);
    return true;
  }

  /** Whether a task of a higher priority waits. */
  isQueuedAbove(priority: number): boolean {
    for (;;) {
      const ordinal = this.queue.peek(priority + 1);
      if (ordinal === undefined) return false;
      if (this.segmentOf(ordinal) !== undefined && this.pages.state(ordinal) === "queued") {
        return true;
      }
      this.queue.shift(priority + 1);
    }
  }

  /** Puts lost deliveries back at the front of their lines, in their order. */
  putBack(ordinals: readonly number[]): void {
    const lines = new Map<string, number[]>();
    for (const ordinal of [...ordinals].sort((a, b) => a - b)) {
      const segment = this.segmentOf(ordinal);
      if (segment === undefined) continue;
      const { priority, fairnessKey } = optionsOf(segment, ordinal);
      const key = `${priority}${fairnessKey ?? ""}`;
      const line = lines.get(key);
      if (line === undefined) lines.set(key, [ordinal]);
      else line.push(ordinal);
    }
    for (const [key, line] of lines) this.queue.putBack(line, Number(key[0]), key.slice(1));
  }

  /** Every task that has not ended, in order. The tasks that it yields may be ended on the way. */
  *live(): Generator<{ segment: Segment; ordinal: number; record: TaskRecord }> {
    for (const segment of [...this.#segments]) {
      for (let ordinal = segment.first; ordinal < segment.first + segment.count; ordinal += 1) {
        if (this.pages.isClosed(ordinal)) continue;
        const record = this.pages.record(segment, ordinal);
        if (!isTerminal(record.state)) yield { segment, ordinal, record };
      }
    }
  }

  /** Takes in a stored segment, unless all of it has ended. */
  #enter(segment: Segment): void {
    let live = 0;
    for (let ordinal = segment.first; ordinal < segment.first + segment.count; ordinal += 1) {
      if (this.pages.isClosed(ordinal)) continue;
      const record = this.pages.record(segment, ordinal);
      if (isTerminal(record.state)) continue;
      live += 1;
      this.tally.add(segment, ordinal, record.state);
      if (record.state === "queued") this.#enqueue(segment, ordinal);
      if (record.state === "leased") this.inFlight.add(ordinal, record);
    }
    if (live > 0) this.#keep(segment, live);
  }

  /** A segment with unfinished tasks stays in memory, and its deadlines in sight. */
  #keep(segment: Segment, live: number): void {
    this.#live.set(segment.first, live);
    for (const options of segment.options) {
      this.dueAt = Math.min(this.dueAt, expiryOf(segment, options));
    }
  }

  #enqueue(segment: Segment, ordinal: number): void {
    const { priority, fairnessKey } = optionsOf(segment, ordinal);
    this.queue.push(ordinal, priority, fairnessKey ?? "");
  }

  #leave(segment: Segment, page: Page): void {
    page.ended += 1;
    const live = (this.#live.get(segment.first) ?? 1) - 1;
    if (live > 0) {
      this.#live.set(segment.first, live);
      return;
    }
    this.#live.delete(segment.first);
    const index = this.#segments.findIndex(({ first }) => first === segment.first);
    if (index >= 0) this.#segments.splice(index, 1);
  }
}
