import { isTerminal, type TaskState } from "@sluice/protocol";
import { FairQueue } from "./fair-queue.ts";
import { InFlight } from "./in-flight.ts";
import {
  NEW_RECORD,
  PAGE_BYTES,
  PAGE_TASKS,
  readRecord,
  readState,
  type TaskRecord,
  writeRecord,
} from "./record.ts";
import { expiryOf, findSegment, optionsOf, type Segment } from "./segment.ts";

/** One stored page of delivery records. */
export interface Page {
  readonly page: number;
  /** Tasks of it in a final state; a page with all ended is closed and not loaded. */
  ended: number;
  readonly view: DataView<ArrayBuffer>;
}

/** What the store gives back after a restart: everything that may hold a task that has not ended. */
export interface BookImage {
  /** Sorted by `first`. */
  readonly segments: readonly Segment[];
  readonly pages: readonly Page[];
  readonly closedPages: readonly number[];
  /** Ordinal of the next task. */
  readonly next: number;
}

/** Priority that passes every gate. */
export const URGENT = 9;

/**
 * The unfinished tasks of one client in memory: a cache of what is stored, built anew from it at any
 * time. Records live in their pages, in the stored form; the book keeps the queue, the counts and the
 * batches in flight in step with them. No clock and no I/O: times are passed in, and changed pages wait
 * in {@link takeDirty} for the caller to store.
 */
export class Book {
  readonly queue = new FairQueue();
  readonly inFlight = new InFlight();
  readonly #counts: Record<TaskState, number> = {
    queued: 0,
    leased: 0,
    accepted: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    cancelled: 0,
    expired: 0,
    dead: 0,
    unknown: 0,
  };
  readonly #pages = new Map<number, Page>();
  readonly #closed: Set<number>;
  readonly #dirty = new Set<Page>();
  readonly #dirtyLater = new Set<Page>();
  /** Unfinished tasks of each segment, by its first ordinal. */
  readonly #live = new Map<number, number>();
  #segments: Segment[];
  #next: number;
  #urgent = 0;
  #queuedBytes = 0;
  /** No task ends by time before this, ms. A lower bound. */
  dueAt = Number.POSITIVE_INFINITY;

  constructor(image: BookImage) {
    this.#segments = [...image.segments];
    this.#next = image.next;
    this.#closed = new Set(image.closedPages);
    for (const page of image.pages) this.#pages.set(page.page, page);
    for (const segment of this.#segments) this.#enter(segment);
    this.#segments = this.#segments.filter((segment) => this.#live.has(segment.first));
  }

  get next(): number {
    return this.#next;
  }

  get urgent(): number {
    return this.#urgent;
  }

  get queuedBytes(): number {
    return Math.max(0, Math.round(this.#queuedBytes));
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  count(state: TaskState): number {
    return this.#counts[state];
  }

  /** Deliveries that the client holds: acknowledged and not ended. */
  get held(): number {
    return this.count("accepted") + this.count("running");
  }

  /** Takes in a new segment, all of it queued. */
  append(segment: Segment): void {
    this.#segments.push(segment);
    this.#next = segment.first + segment.count;
    for (let ordinal = segment.first; ordinal < this.#next; ordinal += 1) {
      this.#enqueue(segment, ordinal);
    }
    this.#counts.queued += segment.count;
    this.#queuedBytes += segment.bytes;
    this.#keep(segment, segment.count);
  }

  /** The segment of a task that may be unfinished; undefined sends the caller to the store. */
  segmentOf(ordinal: number): Segment | undefined {
    if (this.#closed.has(Math.floor(ordinal / PAGE_TASKS))) return undefined;
    return findSegment(this.#segments, ordinal);
  }

  /** The record of a task of this segment, whether it has ended or not. */
  record(segment: Segment, ordinal: number): TaskRecord {
    const page = this.#pages.get(Math.floor(ordinal / PAGE_TASKS));
    return page === undefined
      ? NEW_RECORD
      : readRecord(page.view, ordinal % PAGE_TASKS, segment.createdAt);
  }

  state(ordinal: number): TaskState {
    const page = this.#pages.get(Math.floor(ordinal / PAGE_TASKS));
    return page === undefined ? "queued" : readState(page.view, ordinal % PAGE_TASKS);
  }

  /** The page of records in memory; undefined for one that is closed or was never touched. */
  page(index: number): DataView | undefined {
    return this.#pages.get(index)?.view;
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
    const page = this.#page(ordinal);
    writeRecord(page.view, ordinal % PAGE_TASKS, segment.createdAt, after);
    (store === "now" ? this.#dirty : this.#dirtyLater).add(page);
    if (before.state === after.state) return true;
    this.#uncount(segment, ordinal, before);
    this.#count(segment, ordinal, after);
    if (isTerminal(after.state)) this.#leave(segment, page);
    return true;
  }

  /** Whether a task of a higher priority waits. */
  isQueuedAbove(priority: number): boolean {
    for (;;) {
      const ordinal = this.queue.peek(priority + 1);
      if (ordinal === undefined) return false;
      if (this.segmentOf(ordinal) !== undefined && this.state(ordinal) === "queued") return true;
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

  /** Pages that must be stored, with `later` those that could wait as well; the caller stores them. */
  takeDirty(until: "now" | "later" = "now"): readonly Page[] {
    const pages =
      until === "now" ? [...this.#dirty] : [...new Set([...this.#dirty, ...this.#dirtyLater])];
    this.#dirty.clear();
    for (const page of pages) this.#dirtyLater.delete(page);
    return pages;
  }

  /** Forgets pages of which every task has ended; to be called when all is stored. */
  closeFull(): void {
    for (const page of this.#pages.values()) {
      if (page.ended < PAGE_TASKS) continue;
      this.#pages.delete(page.page);
      this.#closed.add(page.page);
    }
  }

  /** Every task that has not ended, in order. The tasks that it yields may be ended on the way. */
  *live(): Generator<{ segment: Segment; ordinal: number; record: TaskRecord }> {
    for (const segment of [...this.#segments]) {
      for (let ordinal = segment.first; ordinal < segment.first + segment.count; ordinal += 1) {
        if (this.#closed.has(Math.floor(ordinal / PAGE_TASKS))) continue;
        const record = this.record(segment, ordinal);
        if (!isTerminal(record.state)) yield { segment, ordinal, record };
      }
    }
  }

  #enter(segment: Segment): void {
    let live = 0;
    for (let ordinal = segment.first; ordinal < segment.first + segment.count; ordinal += 1) {
      if (this.#closed.has(Math.floor(ordinal / PAGE_TASKS))) continue;
      const record = this.record(segment, ordinal);
      if (isTerminal(record.state)) continue;
      live += 1;
      this.#shiftCount(segment, record, 1);
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
    if (priority === URGENT) this.#urgent += 1;
  }

  #count(segment: Segment, ordinal: number, record: TaskRecord): void {
    this.#shiftCount(segment, record, 1);
    if (record.state === "leased") this.inFlight.add(ordinal, record);
    if (record.state === "queued" && isUrgent(segment, ordinal)) this.#urgent += 1;
  }

  #uncount(segment: Segment, ordinal: number, record: TaskRecord): void {
    this.#shiftCount(segment, record, -1);
    if (record.state === "queued" && isUrgent(segment, ordinal)) this.#urgent -= 1;
    if (record.state === "leased") this.inFlight.remove(ordinal, record);
  }

  #shiftCount(segment: Segment, record: TaskRecord, by: 1 | -1): void {
    this.#counts[record.state] += by;
    if (record.state === "queued") this.#queuedBytes += (by * segment.bytes) / segment.count;
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

  #page(ordinal: number): Page {
    const index = Math.floor(ordinal / PAGE_TASKS);
    let page = this.#pages.get(index);
    if (page === undefined) {
      page = { page: index, ended: 0, view: new DataView(new ArrayBuffer(PAGE_BYTES)) };
      this.#pages.set(index, page);
    }
    return page;
  }
}

function isUrgent(segment: Segment, ordinal: number): boolean {
  return optionsOf(segment, ordinal).priority === URGENT;
}
