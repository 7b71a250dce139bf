import type { ReportItem, TaskId } from "@sluice/protocol";
import type { AbortCause, Run } from "./run.ts";
import type { Clock, Tuning } from "./tuning.ts";
import { WakeTimer } from "./wake-timer.ts";

/** The runs under way, each for a bounded time: asked to stop when that is over, and given up after its grace. */
export class RunningTasks {
  /** Runs whose handlers did not stop within their grace and were left to themselves. */
  abandoned = 0;
  readonly #tuning: Tuning;
  readonly #clock: Clock;
  /** Ends a run that was asked to stop; it removes the run. */
  readonly #giveUp: (run: Run, cause: AbortCause) => void;
  readonly #runs = new Map<TaskId, Run>();
  readonly #due = new WakeTimer(() => this.#checkDue());
  #stopping = false;
  #emptied: (() => void) | null = null;

  constructor(tuning: Tuning, clock: Clock, giveUp: (run: Run, cause: AbortCause) => void) {
    this.#tuning = tuning;
    this.#clock = clock;
    this.#giveUp = giveUp;
  }

  get size(): number {
    return this.#runs.size;
  }

  /** Whether it was told to drain: nothing more is to be started. */
  get stopping(): boolean {
    return this.#stopping;
  }

  get(id: TaskId): Run | undefined {
    return this.#runs.get(id);
  }

  /** Takes a slot for a run, whose time does not begin yet. */
  add(run: Run): void {
    this.#runs.set(run.task.id, run);
  }

  /** The time of a run begins. */
  begin(run: Run): void {
    const now = this.#clock.now();
    // A stop may have set it already, while the journal was written.
    run.dueAt = Math.min(run.dueAt, now + run.task.timeoutMs);
    this.#due.noLaterThan(run.dueAt, now);
  }

  /** Asks a run to stop; it has its grace to do so. */
  abort(run: Run, cause: AbortCause): void {
    if (run.abortCause !== null) return;
    run.abort(cause);
    const now = this.#clock.now();
    run.dueAt = now + this.#tuning.graceMs;
    this.#due.noLaterThan(run.dueAt, now);
  }

  /** Frees the slot of a run that is over. */
  remove(run: Run): void {
    this.#runs.delete(run.task.id);
    if (this.#runs.size === 0) this.#emptied?.();
  }

  /** What handlers wrote since the last time. */
  collect(): ReportItem[] {
    const items: ReportItem[] = [];
    for (const run of this.#runs.values()) items.push(...run.collect());
    return items;
  }

  /** Waits up to `drainMs` for what runs, then asks it to stop. Resolves when nothing runs. */
  async drain(): Promise<void> {
    this.#stopping = true;
    if (this.#runs.size > 0) await this.#runsEnded();
    // The timer may be armed for a task that ended in time, and would keep the process from ending.
    this.#due.clear();
  }

  async #runsEnded(): Promise<void> {
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    const dueAt = this.#clock.now() + this.#tuning.drainMs;
    for (const run of this.#runs.values()) run.dueAt = Math.min(run.dueAt, dueAt);
    this.#checkDue();
    await emptied;
  }

  /** Aborts runs whose time is over, and leaves to themselves those whose grace is over too. */
  #checkDue(): void {
    const now = this.#clock.now();
    let nextAt = Number.POSITIVE_INFINITY;
    for (const run of [...this.#runs.values()]) {
      if (run.dueAt <= now) this.#overdue(run);
      if (!run.over) nextAt = Math.min(nextAt, run.dueAt);
    }
    if (nextAt !== Number.POSITIVE_INFINITY) this.#due.set(nextAt, now);
  }

  #overdue(run: Run): void {
    if (run.abortCause === null) {
      this.abort(run, this.#stopping ? "stopping" : "timeout");
      return;
    }
    this.abandoned++;
    this.#giveUp(run, run.abortCause);
  }
}
