import type { DeliveredTask, ReportItem, TaskId } from "@sluice/protocol";
import type { HeldTask, Outcome } from "../journal/record.ts";
import { failed, thrown } from "./failure.ts";
import { mayRepeat } from "./holdings.ts";
import type { Recorder } from "./recorder.ts";
import { type AbortCause, outcomeOfAbort, Run, type RunListener } from "./run.ts";
import { RunningTasks } from "./running-tasks.ts";
import type { TaskHandler } from "./task-context.ts";
import type { Clock, Tuning } from "./tuning.ts";
import { WaitingTasks } from "./waiting-tasks.ts";

/** What the executor needs of the rest of the client. */
export interface ExecutorPort {
  emit(items: readonly ReportItem[]): void;
  touched(): void;
  room(): Promise<void>;
  /** The server's time, as far as it is known, ms. */
  serverNow(): number;
}

/** Runs accepted tasks: urgent ones first, a bounded number at a time, each for a bounded time. */
export class Executor {
  succeeded = 0;
  failed = 0;
  cancelled = 0;
  readonly #recorder: Recorder;
  readonly #port: ExecutorPort;
  readonly #handlers = new Map<string, TaskHandler>();
  readonly #waiting: WaitingTasks;
  readonly #runs: RunningTasks;
  readonly #listener: RunListener;
  #pumping = false;

  constructor(
    recorder: Recorder,
    port: ExecutorPort,
    concurrency: number,
    tuning: Tuning,
    clock: Clock,
  ) {
    this.#recorder = recorder;
    this.#port = port;
    this.#waiting = new WaitingTasks(concurrency);
    this.#runs = new RunningTasks(tuning, clock, (run, cause) => this.#giveUp(run, cause));
    this.#listener = {
      touched: () => port.touched(),
      room: () => port.room(),
      partFull: (run) => port.emit(run.collect()),
    };
  }

  get running(): number {
    return this.#runs.size;
  }

  /** Runs whose handlers did not stop within their grace and were left to themselves. */
  get abandoned(): number {
    return this.#runs.abandoned;
  }

  get ready(): number {
    return this.#waiting.size;
  }

  handle(kind: string, handler: TaskHandler): void {
    this.#handlers.set(kind, handler);
  }

  /** Takes accepted tasks; they start as slots become free. */
  enqueue(tasks: Iterable<DeliveredTask>): void {
    for (const task of tasks) this.#waiting.add(task);
    this.#pumpSoon();
  }

  /** Takes tasks whose process died while they ran. */
  enqueueInterrupted(interrupted: readonly HeldTask[]): void {
    this.#waiting.addSuspects(interrupted);
    this.#pumpSoon();
  }

  /** Asks held tasks to stop; those that did not start end at once. */
  cancel(ids: readonly TaskId[]): void {
    for (const id of ids) {
      const run = this.#runs.get(id);
      const held = this.#recorder.state.held.get(id);
      if (run) this.#runs.abort(run, "cancelled");
      else if (held) this.#endUnstarted(held.task, { event: "cancelled" });
    }
  }

  /** What handlers wrote since the last time. */
  collect(): ReportItem[] {
    return this.#runs.collect();
  }

  /**
   * Starts nothing more, waits up to `drainMs` for what runs, then asks it to give up. Resolves when
   * nothing runs; what gave up is released, to begin anew with the next start of the client.
   */
  drain(): Promise<void> {
    return this.#runs.drain();
  }

  #pumpSoon(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    // Runs that end in the same turn are followed by one start record, not by one each.
    queueMicrotask(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  /** Starts what there are slots for, once the journal knows of it: that is the guard against poison. */
  #pump(): void {
    const starting: Run[] = [];
    for (let run = this.#next(); run !== null; run = this.#next()) starting.push(run);
    if (starting.length === 0) return;
    this.#recorder.record({ type: "started", ids: starting.map((run) => run.task.id) });
    const launch = () => {
      for (const run of starting) this.#launch(run);
    };
    // Where a second run is forbidden, not even a loss of power may forget the first.
    if (starting.every(({ task }) => mayRepeat(task))) this.#recorder.afterFlush(launch);
    else this.#recorder.afterSync(launch);
  }

  /** The next task that may run, with its slot taken; tasks that cannot run end here. */
  #next(): Run | null {
    while (!this.#runs.stopping) {
      const task = this.#waiting.take(this.#runs.size);
      if (task === null) return null;
      // A task that was cancelled while it waited is held no longer; one adopted has a new attempt.
      const held = this.#recorder.state.held.get(task.id);
      if (held === undefined) {
        this.#waiting.ended(task.id);
        continue;
      }
      const obstacle = this.#obstacle(held.task);
      if (obstacle === null) {
        const run = new Run(held.task, held.nextPart, this.#listener);
        this.#runs.add(run);
        return run;
      }
      this.#waiting.ended(task.id);
      this.#endUnstarted(held.task, obstacle);
    }
    return null;
  }

  #obstacle(task: DeliveredTask): Outcome | null {
    if (Date.parse(task.deadline) <= this.#port.serverNow()) {
      return failed("deadlineExceeded", "its deadline had passed before it could start");
    }
    if (this.#handlers.has(task.kind)) return null;
    return failed("unknownKind", "this client has no handler for this kind");
  }

  #launch(run: Run): void {
    if (run.abortCause !== null) {
      this.#giveUp(run, run.abortCause);
      return;
    }
    this.#runs.begin(run);
    this.#port.touched();
    this.#call(run).then(
      (rows) => this.#returned(run, rows),
      (cause: unknown) => this.#threw(run, cause),
    );
  }

  async #call(run: Run): Promise<unknown> {
    return this.#handlers.get(run.task.kind)?.(run.task.args, run);
  }

  #returned(run: Run, rows: unknown): void {
    if (run.over) return;
    try {
      if (Array.isArray(rows)) run.rows(rows);
    } catch (cause) {
      this.#end(run, thrown(cause));
      return;
    }
    this.#end(run, { event: "succeeded" });
  }

  #threw(run: Run, cause: unknown): void {
    if (run.over) return;
    if (run.abortCause !== null) this.#giveUp(run, run.abortCause);
    else this.#end(run, thrown(cause));
  }

  /**
   * Ends a run that was aborted. A stop releases it instead, to begin anew; one that must not stays as begun
   * in the journal, as if its process had died.
   */
  #giveUp(run: Run, cause: AbortCause): void {
    const outcome = outcomeOfAbort(cause, run.task.timeoutMs);
    if (outcome !== null) {
      this.#end(run, outcome);
      return;
    }
    this.#port.emit(run.collect());
    run.over = true;
    if (mayRepeat(run.task)) this.#recorder.record({ type: "released", ids: [run.task.id] });
    this.#freeSlot(run);
  }

  #end(run: Run, outcome: Outcome): void {
    this.#count(outcome);
    const items = run.end(outcome);
    this.#freeSlot(run);
    this.#port.emit(items);
  }

  #endUnstarted(task: DeliveredTask, outcome: Outcome): void {
    this.#count(outcome);
    this.#port.emit([{ id: task.id, attempt: task.attempt, ...outcome }]);
  }

  #freeSlot(run: Run): void {
    this.#runs.remove(run);
    this.#waiting.ended(run.task.id);
    if (this.#waiting.size > 0) this.#pumpSoon();
  }

  #count(outcome: Outcome): void {
    this[outcome.event]++;
  }
}
