import type { DeliveredTask, JsonObject } from "@sluice/protocol";

/** What a handler is given besides the arguments of its task. */
export interface TaskContext {
  readonly task: DeliveredTask;
  /**
   * Aborts when the task is cancelled, runs over its time, or the client stops. A handler that gives
   * up must throw (`signal.throwIfAborted()`); one that returns has finished its work.
   */
  readonly signal: AbortSignal;
  /**
   * Reports one row. Resolves when there is room for more, so a handler that awaits it cannot outrun
   * the connection. Throws `RowError` at once for a row that is not JSON, too large or too deep.
   */
  row(row: unknown): Promise<void>;
  /** Reports rows; as {@link row}, row by row. */
  rows(rows: Iterable<unknown>): Promise<void>;
  /** Says how far the work is, 0 to 1, with a word for people. Only the latest in a while is sent. */
  progress(done: number, note?: string): void;
}

/**
 * Does the work of one kind of task. An array that is returned, or resolved, is reported as rows; other
 * values are ignored. What is thrown is reported as the failure of the task.
 */
export type TaskHandler = (args: JsonObject, context: TaskContext) => unknown;

/** Thrown by a handler to fail its task with a code of its own. */
export class TaskFailure extends Error {
  override readonly name = "TaskFailure";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
