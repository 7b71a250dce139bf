import type { ServerFrame } from "@sluice/protocol";
import type { Arrivals } from "./arrivals.ts";
import { Book } from "./book.ts";
import type { Connection } from "./connection.ts";
import { type Exception, type ExceptionEntry, historyOfExceptions } from "./history.ts";
import { KeyIndex } from "./key-index.ts";
import { LineCache } from "./line-cache.ts";
import { NEW_RECORD, PAGE_TASKS, readRecord, type TaskRecord } from "./record.ts";
import type { Segment } from "./segment.ts";
import type { Storage } from "./storage.ts";
import { parseTaskId } from "./task-id.ts";

/** The welcomed socket, as the dispatch logic sees it. */
export interface Wire {
  send(text: string): void;
}

/**
 * Everything that the handling of one event works on. Handlers change the book and send frames;
 * {@link commit} stores what changed. All of it runs in one synchronous turn, so it is one transaction.
 */
export class Desk {
  readonly storage: Storage;
  readonly book: Book;
  readonly lines: LineCache;
  readonly keys: KeyIndex;
  connection: Connection | null = null;
  wire: Wire | null = null;
  paused = false;
  /** How tasks came in lately; null before the first. */
  arrivals: Arrivals | null = null;
  /** Greatest `seq` of a report that left history. */
  lastReportSeq: number;
  readonly #exceptions: ExceptionEntry[] = [];
  readonly #outbox: string[] = [];

  constructor(storage: Storage) {
    this.storage = storage;
    this.lastReportSeq = storage.history.lastReportSeq();
    this.book = new Book(storage.loadBook());
    this.lines = new LineCache((segment) => storage.segments.lines(segment));
    this.keys = new KeyIndex((most) => storage.segments.keysNewestFirst(most));
  }

  /** A task of this client that may be unfinished, by its id; null for all others. */
  find(id: string): { readonly segment: Segment; readonly ordinal: number } | null {
    const parsed = parseTaskId(id);
    if (parsed === null) return null;
    const segment = this.book.segmentOf(parsed.ordinal);
    if (segment === undefined || segment.createdAt !== parsed.createdAt) return null;
    return { segment, ordinal: parsed.ordinal };
  }

  /** Whether a task is or was this client's; a client that was enrolled anew may speak of older ones. */
  owns(id: string): boolean {
    if (this.find(id) !== null) return true;
    const parsed = parseTaskId(id);
    return (
      parsed !== null && this.storage.segments.at(parsed.ordinal)?.createdAt === parsed.createdAt
    );
  }

  /** The record of any task: from the book, which may be ahead of the store, or from the store. */
  record(segment: Segment, ordinal: number): TaskRecord {
    const view = this.page(Math.floor(ordinal / PAGE_TASKS));
    return view === null ? NEW_RECORD : readRecord(view, ordinal % PAGE_TASKS, segment.createdAt);
  }

  /** A page of records; null where no task of it was ever touched. */
  page(index: number): DataView | null {
    return this.book.pages.view(index) ?? this.storage.pages.at(index)?.view ?? null;
  }

  /** Applies a transition to a task that may be unfinished; the new record, or null if nothing changed. */
  change(
    segment: Segment,
    ordinal: number,
    transition: (record: TaskRecord) => TaskRecord,
  ): TaskRecord | null {
    const before = this.book.pages.record(segment, ordinal);
    const after = transition(before);
    return this.book.replace(segment, ordinal, before, after) ? after : null;
  }

  /** As {@link change}, for what need not be stored before the connection ends. */
  changeLater(
    segment: Segment,
    ordinal: number,
    transition: (record: TaskRecord) => TaskRecord,
  ): void {
    const before = this.book.pages.record(segment, ordinal);
    this.book.replace(segment, ordinal, before, transition(before), "later");
  }

  /** Remembers an exception for the task's timeline. */
  note(task: number, record: TaskRecord, event: Exception, note: string): void {
    this.#exceptions.push({ task, attempt: record.attempt, event, note });
  }

  /** Remembers why the server ended a task. */
  noteEnd(task: number, record: TaskRecord, note: string): void {
    const { state } = record;
    if (state === "cancelled" || state === "expired" || state === "dead" || state === "unknown") {
      this.note(task, record, state, note);
    }
  }

  /** Sends a frame with the next {@link commit}. */
  send(frame: ServerFrame): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(frame: string): void {
    this.#outbox.push(frame);
  }

  /**
   * Stores every change since the last commit (a row for each page touched, one for the exceptions) and
   * then lets the frames go: what is sent after a write waits until the write is durable.
   */
  commit(now: number): void {
    this.#savePages("now");
    const history = historyOfExceptions(this.#exceptions);
    this.#exceptions.length = 0;
    if (history !== null) this.storage.history.save(history, now);
    this.book.pages.closeFull();
    for (const frame of this.#outbox) this.wire?.send(frame);
    this.#outbox.length = 0;
  }

  /** The connection has ended, and with it what it remembered: stores what was put off. */
  disconnect(): void {
    this.connection = null;
    this.wire = null;
    this.#savePages("later");
  }

  #savePages(until: "now" | "later"): void {
    for (const page of this.book.pages.takeDirty(until)) this.storage.pages.save(page);
  }
}
