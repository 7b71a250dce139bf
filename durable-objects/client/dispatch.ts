import {
  CLOSE_CODES,
  type ClientFrame,
  type ClientId,
  fail,
  type HelloFrame,
  isTerminal,
  ok,
  type Page,
  type Result,
  type ResultRow,
  type ScheduledTask,
  type TaskSummary,
  type TaskView,
  type WaitingFor,
} from "@sluice/protocol";
import { nearest } from "./alarm.ts";
import { type Arrivals, arrive } from "./arrivals.ts";
import { type Connection, HEARTBEAT_MS } from "./connection.ts";
import { Desk, type Wire } from "./desk.ts";
import { enqueue } from "./enqueue.ts";
import { pump, waitingFor } from "./flush.ts";
import { cancelsFor, greet } from "./greet.ts";
import { takeReport } from "./report.ts";
import { eraseDueAt, eraseOld } from "./retention.ts";
import type { EncodedTasks, Refusal, RowListQuery, TaskListQuery } from "./rpc.ts";
import { optionsOf, taskIdIn } from "./segment.ts";
import {
  acceptAcknowledged,
  ackDueAt,
  acknowledge,
  expireDue,
  giveUpMissing,
  giveUpUnacknowledged,
} from "./settle.ts";
import type { Storage } from "./storage.ts";
import { requestCancel } from "./transitions.ts";
import { findTask, listRows, listTasks, type StoredTask, viewTask } from "./views.ts";

/** Ids of one cancel frame; after a long absence there may be many. */
const CANCELS_PER_FRAME = 1_000;

const NOT_FOUND: Refusal = { code: "not_found", detail: "no such task" };
const BAD_CURSOR: Refusal = {
  code: "invalid_cursor",
  detail: "the cursor is not one of this list",
};

/** A fault of the connection: it is closed with this code. */
export interface ConnectionFault {
  readonly closeCode: number;
  readonly detail: string;
}

/**
 * One client's dispatch: every event comes in here with its time, works on the desk, is stored and then
 * pumps. It knows neither sockets nor alarms: frames leave through the wire, and {@link wakeAt} says when
 * it wants to be called again.
 */
export class Dispatch {
  readonly #desk: Desk;
  #arrivals: Arrivals | null = null;
  #pumpAt: number | null = null;
  #eraseAt: number | null;

  constructor(storage: Storage, paused: boolean) {
    this.#desk = new Desk(storage);
    this.#desk.paused = paused;
    this.#eraseAt = eraseDueAt(storage);
  }

  get connection(): Connection | null {
    return this.#desk.connection;
  }

  /** Counts for the client's view. */
  get queue(): { queued: number; inFlight: number; bytes: number; oldestAt: number | null } {
    const { book } = this.#desk;
    return {
      queued: book.tally.count("queued"),
      inFlight: book.tally.count("leased") + book.tally.held,
      bytes: book.tally.queuedBytes,
      oldestAt: book.segments[0]?.createdAt ?? null,
    };
  }

  /** Takes a connection over that outlived a hibernation. */
  restore(connection: Connection, wire: Wire): void {
    this.#desk.connection = connection;
    this.#desk.wire = wire;
    acceptAcknowledged(this.#desk, connection.heardAt);
  }

  /** Opens a connection: welcome, cancels that the client must hear of, then what waits for it. */
  hello(hello: HelloFrame, wire: Wire, epoch: number, clientId: ClientId, now: number): void {
    const desk = this.#desk;
    const seq = desk.connection?.seq ?? hello.resume?.seq ?? 0;
    desk.disconnect();
    greet(desk, hello, wire, epoch, seq, now);
    desk.send({
      type: "welcome",
      epoch,
      clientId,
      heartbeatMs: HEARTBEAT_MS,
      serverTime: new Date(now).toISOString(),
    });
    const ids = cancelsFor(desk, hello);
    for (let from = 0; from < ids.length; from += CANCELS_PER_FRAME) {
      desk.send({ type: "cancel", ids: ids.slice(from, from + CANCELS_PER_FRAME) });
    }
    this.#finish(now);
  }

  /** Takes a frame of the open connection; a fault ends it. */
  receive(frame: ClientFrame, now: number): ConnectionFault | null {
    const { connection } = this.#desk;
    if (connection === null || frame.type === "hello") {
      return { closeCode: CLOSE_CODES.protocol, detail: "hello was said already" };
    }
    this.#desk.connection = { ...connection, heardAt: now };
    // A frame of an older connection that was still on its way says nothing of this one.
    if (frame.epoch === connection.epoch) this.#take(frame, now);
    return null;
  }

  /** The socket is gone; what was sent and not acknowledged waits for the next hello. */
  disconnect(): void {
    this.#desk.disconnect();
    this.#pumpAt = null;
  }

  schedule(call: EncodedTasks, now: number): Result<readonly ScheduledTask[], Refusal> {
    const answer = enqueue(this.#desk, call, null, now);
    if (!answer.ok) return answer;
    this.#admit(now);
    return answer;
  }

  getTask(id: string, now: number): Result<TaskView, Refusal> {
    const task = findTask(this.#desk, id);
    return task === null ? fail(NOT_FOUND) : ok(this.#view(task, now));
  }

  listTasks(query: TaskListQuery): Result<Page<TaskSummary>, Refusal> {
    const page = listTasks(this.#desk, query);
    return page === null ? fail(BAD_CURSOR) : ok(page);
  }

  listRows(id: string, query: RowListQuery, now: number): Result<Page<ResultRow>, Refusal> {
    const task = findTask(this.#desk, id);
    if (task === null) return fail(NOT_FOUND);
    const page = listRows(this.#desk.storage, task, query, now);
    return page === null ? fail(BAD_CURSOR) : ok(page);
  }

  /** Cancels at once where no client has the task; else asks the client, which has the last word. */
  cancel(id: string, now: number): Result<TaskView, Refusal> {
    const task = findTask(this.#desk, id);
    if (task === null) return fail(NOT_FOUND);
    if (isTerminal(task.record.state)) {
      return task.record.state === "cancelled"
        ? ok(this.#view(task, now))
        : fail({ code: "conflict", detail: `the task has ended: ${task.record.state}` });
    }
    const record = this.#desk.change(task.segment, task.ordinal, (before) =>
      requestCancel(before, now),
    );
    if (record?.cancelRequested) {
      this.#desk.note(task.ordinal, record, "cancel_requested", "asked by its operator");
      this.#desk.send({ type: "cancel", ids: [taskIdIn(task.segment, task.ordinal)] });
    }
    this.#finish(now);
    return this.getTask(id, now);
  }

  /** Enqueues the work of an ended task again, as a new task that names it as its parent. */
  retry(id: string, now: number): Result<TaskView, Refusal> {
    const task = findTask(this.#desk, id);
    if (task === null) return fail(NOT_FOUND);
    if (!isTerminal(task.record.state)) {
      return fail({ code: "conflict", detail: `the task has not ended: ${task.record.state}` });
    }
    const { segment, ordinal } = task;
    const call: EncodedTasks = {
      count: 1,
      lines: this.#desk.storage.segments.lines(segment)[ordinal - segment.first] ?? "",
      options: [optionsOf(segment, ordinal)],
      optionOf: null,
      idempotencyKeys: null,
    };
    const answer = enqueue(this.#desk, call, ordinal, now);
    if (!answer.ok) return answer;
    this.#admit(now);
    const [scheduled] = answer.value;
    return scheduled === undefined ? fail(NOT_FOUND) : this.getTask(scheduled.id, now);
  }

  setPaused(paused: boolean, now: number): void {
    this.#desk.paused = paused;
    this.#finish(now);
  }

  /** The clock: gives up what is late, ends what is over, erases what is old, sends what may leave. */
  tick(now: number, lastPingAt: number | null = null): void {
    const desk = this.#desk;
    if (desk.connection !== null && lastPingAt !== null) {
      const heardAt = Math.max(desk.connection.heardAt, lastPingAt);
      desk.connection = { ...desk.connection, heardAt };
    }
    giveUpUnacknowledged(desk, now);
    giveUpMissing(desk, now);
    expireDue(desk, now);
    if (this.#eraseAt !== null && now >= this.#eraseAt) this.#eraseAt = eraseOld(desk, now);
    this.#finish(now);
  }

  /** When {@link tick} is due, ms; null: nothing waits for time to pass. */
  wakeAt(): number | null {
    const desk = this.#desk;
    return nearest(
      this.#pumpAt,
      ackDueAt(desk),
      desk.connection?.settleAt ?? null,
      desk.book.dueAt,
      this.#eraseAt,
    );
  }

  /** New tasks are in the queue. */
  #admit(now: number): void {
    this.#arrivals = arrive(this.#arrivals, now);
    this.#eraseAt ??= eraseDueAt(this.#desk.storage);
    this.#finish(now);
  }

  #take(frame: Exclude<ClientFrame, HelloFrame>, now: number): void {
    switch (frame.type) {
      case "ack":
        acknowledge(this.#desk, frame, now);
        break;
      case "report":
        takeReport(this.#desk, frame, now);
        this.#desk.send({ type: "reported", seq: frame.seq });
        break;
    }
    this.#finish(now);
  }

  #finish(now: number): void {
    this.#pumpAt = pump(this.#desk, this.#arrivals, now);
    this.#desk.commit(now);
  }

  #view(task: StoredTask, now: number): TaskView {
    const waiting = task.record.state === "queued" ? this.#waitingFor(task, now) : null;
    return viewTask(this.#desk.storage, task, waiting, now);
  }

  #waitingFor(task: StoredTask, now: number): WaitingFor {
    const reason = waitingFor(this.#desk, this.#arrivals, now);
    if (reason === "offline" || reason === "paused") return reason;
    const { priority } = optionsOf(task.segment, task.ordinal);
    return this.#desk.book.isQueuedAbove(priority) ? "priority" : reason;
  }
}
