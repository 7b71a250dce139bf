import { type DeliveredTask, LIMITS, type ReportItem } from "@sluice/protocol";
import type { Outcome } from "../journal/record.ts";
import { failed } from "./failure.ts";
import { addRow, emptyPart } from "./row-part.ts";
import type { TaskContext } from "./task-context.ts";

/** Why a run was asked to give up. */
export type AbortCause = "cancelled" | "timeout" | "stopping";

/** What a run tells its executor. */
export interface RunListener {
  /** There is something to collect. */
  touched(): void;
  /** A part is full and should be collected now. */
  partFull(run: Run): void;
  /** Resolves when there is room for more rows. */
  room(): Promise<void>;
}

/** One run of one task: what its handler sees, and what it has written and not yet handed on. */
export class Run implements TaskContext {
  readonly task: DeliveredTask;
  /** When its time is over, and after an abort when its grace is, ms. */
  dueAt = Number.POSITIVE_INFINITY;
  abortCause: AbortCause | null = null;
  /** Its end was reported or given up; what its handler still writes is dropped. */
  over = false;
  readonly #listener: RunListener;
  #controller: AbortController | null = null;
  #announced = false;
  #progress: { readonly done: number; readonly note?: string } | null = null;
  #part = emptyPart();
  #nextPart: number;

  constructor(task: DeliveredTask, nextPart: number, listener: RunListener) {
    this.task = task;
    this.#nextPart = nextPart;
    this.#listener = listener;
  }

  /** Made when it is asked for: most handlers never look. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.abortCause !== null) this.#controller.abort(abortError(this.abortCause));
    }
    return this.#controller.signal;
  }

  row(row: unknown): Promise<void> {
    this.#add(row);
    this.#listener.touched();
    return this.#listener.room();
  }

  rows(rows: Iterable<unknown>): Promise<void> {
    for (const row of rows) this.#add(row);
    this.#listener.touched();
    return this.#listener.room();
  }

  progress(done: number, note?: string): void {
    if (this.over) return;
    const share = Number.isFinite(done) ? Math.min(1, Math.max(0, done)) : 0;
    this.#progress = {
      done: share,
      ...(note !== undefined && {
        note: String(note).slice(0, LIMITS.noteCharacters).toWellFormed(),
      }),
    };
    this.#listener.touched();
  }

  /** Asks the handler to give up; the first cause stands. */
  abort(cause: AbortCause): void {
    if (this.abortCause !== null) return;
    this.abortCause = cause;
    this.#controller?.abort(abortError(cause));
  }

  /** Hands on what was written since the last time, its start first. */
  collect(): ReportItem[] {
    const items = this.#announcement();
    if (this.#progress !== null) items.push(this.#item({ event: "progress", ...this.#progress }));
    this.#progress = null;
    return this.#takePart(items);
  }

  /**
   * The last items of a run that ends. The start of a first attempt that was never said goes unsaid, for
   * its end says it; that of a later one must be said, since it voids the rows of the earlier.
   */
  end(outcome: Outcome): ReportItem[] {
    this.over = true;
    const silent = this.#part.rows.length === 0 && this.task.attempt === 1;
    const items = this.#takePart(silent ? [] : this.#announcement());
    items.push(this.#item(outcome));
    return items;
  }

  #add(row: unknown): void {
    if (this.over) return;
    if (addRow(this.#part, row)) this.#listener.partFull(this);
  }

  #announcement(): ReportItem[] {
    if (this.#announced) return [];
    this.#announced = true;
    return [this.#item({ event: "started" })];
  }

  #takePart(items: ReportItem[]): ReportItem[] {
    if (this.#part.rows.length > 0) {
      items.push(this.#item({ event: "rows", part: this.#nextPart++, rows: this.#part.rows }));
      this.#part = emptyPart();
    }
    return items;
  }

  #item<Content>(content: Content): Content & { id: DeliveredTask["id"]; attempt: number } {
    return { id: this.task.id, attempt: this.task.attempt, ...content };
  }
}

/** How a run ends that was aborted and gave up; null when it is to begin anew one day. */
export function outcomeOfAbort(cause: AbortCause, timeoutMs: number): Outcome | null {
  switch (cause) {
    case "cancelled":
      return { event: "cancelled" };
    case "timeout":
      return failed("timeout", `did not finish within ${timeoutMs} ms`);
    case "stopping":
      return null;
  }
}

function abortError(cause: AbortCause): DOMException {
  return cause === "timeout"
    ? new DOMException("the task ran over its time", "TimeoutError")
    : new DOMException(
        cause === "cancelled" ? "the task was cancelled" : "the client is stopping",
        "AbortError",
      );
}
