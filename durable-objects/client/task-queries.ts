import {
  fail,
  ok,
  type Page,
  type Result,
  type ResultRow,
  type TaskSummary,
  type TaskView,
  type WaitingFor,
} from "@sluice/protocol";
import type { Desk } from "./desk.ts";
import { waitingFor } from "./flush.ts";
import type { Refusal, RowListQuery, TaskListQuery } from "./rpc.ts";
import { optionsOf } from "./segment.ts";
import { findTask, listRows, listTasks, type StoredTask, viewTask } from "./views.ts";

const NOT_FOUND: Refusal = { code: "not_found", detail: "no such task" };
const BAD_CURSOR: Refusal = {
  code: "invalid_cursor",
  detail: "the cursor is not one of this list",
};

/** What an operator asks about a client's tasks. Nothing is changed by it. */
export class TaskQueries {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  find(id: string): Result<StoredTask, Refusal> {
    const task = findTask(this.#desk, id);
    return task === null ? fail(NOT_FOUND) : ok(task);
  }

  get(id: string, now: number): Result<TaskView, Refusal> {
    const found = this.find(id);
    if (!found.ok) return found;
    const task = found.value;
    const waiting = task.record.state === "queued" ? this.#waitingFor(task, now) : null;
    return ok(viewTask(this.#desk.storage, task, waiting, now));
  }

  list(query: TaskListQuery): Result<Page<TaskSummary>, Refusal> {
    const page = listTasks(this.#desk, query);
    return page === null ? fail(BAD_CURSOR) : ok(page);
  }

  rows(id: string, query: RowListQuery, now: number): Result<Page<ResultRow>, Refusal> {
    const task = this.find(id);
    if (!task.ok) return task;
    const page = listRows(this.#desk.storage, task.value, query, now);
    return page === null ? fail(BAD_CURSOR) : ok(page);
  }

  #waitingFor(task: StoredTask, now: number): WaitingFor {
    const reason = waitingFor(this.#desk, now);
    if (reason === "offline" || reason === "paused") return reason;
    const { priority } = optionsOf(task.segment, task.ordinal);
    return this.#desk.book.isQueuedAbove(priority) ? "priority" : reason;
  }
}
