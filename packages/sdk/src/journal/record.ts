import type { DeliveredTask, ReportItem, TaskError, TaskId } from "@sluice/protocol";

/** How a task ended. */
export type Outcome =
  | { readonly event: "succeeded" }
  | { readonly event: "failed"; readonly error: TaskError }
  | { readonly event: "cancelled" };

/** A task that was accepted and has not ended. */
export interface HeldTask {
  /** As delivered, under its latest attempt. */
  readonly task: DeliveredTask;
  /** Runs that were begun and never ended, this one included; they died with their process. */
  readonly starts: number;
  /** Begun, and not ended. */
  readonly running: boolean;
  /** Number of the next part of its rows. */
  readonly nextPart: number;
}

/** What is remembered of a task that ended. */
export interface FinishedTask {
  readonly attempt: number;
  /** When it ended, ms. */
  readonly at: number;
  readonly outcome: Outcome;
  /** The server said that it stored the end. */
  readonly answered: boolean;
}

/** The last batch that was accepted. */
export interface BatchPosition {
  readonly epoch: number;
  readonly seq: number;
}

/**
 * One entry of the journal. Applying all entries in order to an empty state gives the state: see
 * `applyRecord`. Entries are whole; half an entry is no entry.
 */
export type JournalRecord =
  /** A batch was accepted; `adopted` tasks were held or finished already and take the new attempt. */
  | {
      readonly type: "batch";
      readonly position: BatchPosition;
      readonly fresh: readonly DeliveredTask[];
      readonly adopted: readonly (readonly [id: TaskId, attempt: number])[];
    }
  /** Handlers are about to be called. */
  | { readonly type: "started"; readonly ids: readonly TaskId[] }
  /** Runs were called off in order and will begin anew: a polite stop, not a crash. */
  | { readonly type: "released"; readonly ids: readonly TaskId[] }
  /** Tasks that must not begin again died with their process: the server settles their fate. */
  | { readonly type: "dropped"; readonly ids: readonly TaskId[] }
  /** Things to report; an end among them ends its task. `at` in ms. */
  | { readonly type: "items"; readonly at: number; readonly items: readonly ReportItem[] }
  /** The first `count` unreported items became report `seq`. */
  | { readonly type: "report"; readonly seq: number; readonly count: number }
  /** The server stored report `seq`. */
  | { readonly type: "reported"; readonly seq: number }
  /** Only in snapshots: the counters. */
  | {
      readonly type: "counters";
      readonly nextReportSeq: number;
      readonly position: BatchPosition | null;
    }
  /** Only in snapshots: tasks that are held. */
  | { readonly type: "held"; readonly tasks: readonly HeldTask[] }
  /** Only in snapshots: tasks that ended, oldest first. */
  | {
      readonly type: "finished";
      readonly tasks: readonly (readonly [id: TaskId, task: FinishedTask])[];
    };
