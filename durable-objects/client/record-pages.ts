import type { TaskState } from "@sluice/protocol";
import {
  NEW_RECORD,
  PAGE_BYTES,
  PAGE_TASKS,
  readRecord,
  readState,
  type TaskRecord,
  writeRecord,
} from "./record.ts";
import type { Segment } from "./segment.ts";

/** One stored page of delivery records. */
export interface Page {
  readonly page: number;
  /** Tasks of it in a final state; a page with all ended is closed and not loaded. */
  ended: number;
  readonly view: DataView<ArrayBuffer>;
}

/**
 * The delivery records of a client's unfinished tasks in memory, in pages and in the stored form. Changed
 * pages wait in {@link takeDirty} for the caller to store.
 */
export class RecordPages {
  readonly #pages = new Map<number, Page>();
  readonly #closed: Set<number>;
  readonly #dirty = new Set<Page>();
  readonly #dirtyLater = new Set<Page>();

  constructor(pages: readonly Page[], closed: readonly number[]) {
    for (const page of pages) this.#pages.set(page.page, page);
    this.#closed = new Set(closed);
  }

  /** Whether the page of a task is closed: all its tasks have ended and are no longer in memory. */
  isClosed(ordinal: number): boolean {
    return this.#closed.has(Math.floor(ordinal / PAGE_TASKS));
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
  view(index: number): DataView | undefined {
    return this.#pages.get(index)?.view;
  }

  /**
   * Replaces a record; `store` says whether its page must be stored with this event or may wait. Returns the
   * page, on which the caller counts a task that has ended.
   */
  write(segment: Segment, ordinal: number, record: TaskRecord, store: "now" | "later"): Page {
    const page = this.#pageOf(ordinal);
    writeRecord(page.view, ordinal % PAGE_TASKS, segment.createdAt, record);
    (store === "now" ? this.#dirty : this.#dirtyLater).add(page);
    return page;
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

  #pageOf(ordinal: number): Page {
    const index = Math.floor(ordinal / PAGE_TASKS);
    let page = this.#pages.get(index);
    if (page === undefined) {
      page = { page: index, ended: 0, view: new DataView(new ArrayBuffer(PAGE_BYTES)) };
      this.#pages.set(index, page);
    }
    return page;
  }
}
