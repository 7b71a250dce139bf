import {
  CLOSE_CODES,
  type ClientFrame,
  type ClientId,
  fail,
  type HelloFrame,
  isTerminal,
  type Result,
  type ScheduledTask,
  type TaskView,
} from "@sluice/protocol";
import { nearest } from "../alarm.ts";
import { arrive } from "./arrivals.ts";
import type { Connection, ConnectionFault } from "./connection.ts";
import { Desk, type Wire } from "./desk.ts";
import { enqueue, enqueueAgain } from "./enqueue.ts";
import { pump } from "./flush.ts";
import { greet } from "./greet.ts";
import { takeReport } from "./report.ts";
import { eraseDueAt, eraseOld } from "./retention.ts";
import type { EncodedTasks, Refusal } from "./rpc.ts";
import { taskIdIn } from "./segment.ts";
import {
  acceptAcknowledged,
  ackDueAt,
  acknowledge,
  expireDue,
  giveUpMissing,
  giveUpUnacknowledged,
} from "./settle.ts";
import type { Storage } from "./storage.ts";
import { TaskQueries } from "./task-queries.ts";
import { requestCancel } from "./transitions.ts";

/**
 * One client's dispatch: every event comes in here with its time, works on the desk, is stored and then
 * pumps. It knows neither sockets nor alarms: frames leave through the wire, and {@link wakeAt} says when
 * it wants to be called again.
 */
export class Dispatch {
  readonly tasks: TaskQueries;
  readonly #desk: Desk;
  #pumpAt: number | null = null;
  #eraseAt: number | null;

  constructor(storage: Storage, paused: boolean) {
    this.#desk = new Desk(storage);
    this.#desk.paused = paused;
    this.tasks = new TaskQueries(this.#desk);
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
    greet(this.#desk, hello, wire, { epoch, clientId }, now);
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

  /** Cancels at once where no client has the task; else asks the client, which has the last word. */
  cancel(id: string, now: number): Result<TaskView, Refusal> {
    const found = this.tasks.find(id);
    if (!found.ok) return found;
    const { segment, ordinal, record } = found.value;
    if (isTerminal(record.state)) {
      return record.state === "cancelled"
        ? this.tasks.get(id, now)
        : fail({ code: "conflict", detail: `the task has ended: ${record.state}` });
    }
    const after = this.#desk.change(segment, ordinal, (before) => requestCancel(before, now));
    if (after?.cancelRequested) {
      this.#desk.note(ordinal, after, "cancel_requested", "asked by its operator");
      this.#desk.send({ type: "cancel", ids: [taskIdIn(segment, ordinal)] });
    }
    this.#finish(now);
    return this.tasks.get(id, now);
  }

  /** Enqueues the work of an ended task again, as a new task that names it as its parent. */
  retry(id: string, now: number): Result<TaskView, Refusal> {
    const found = this.tasks.find(id);
    if (!found.ok) return found;
    const { segment, ordinal, record } = found.value;
    if (!isTerminal(record.state)) {
      return fail({ code: "conflict", detail: `the task has not ended: ${record.state}` });
    }
    const answer = enqueueAgain(this.#desk, segment, ordinal, now);
    if (!answer.ok) return answer;
    this.#admit(now);
    return this.tasks.get(answer.value[0]?.id ?? "", now);
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
    this.#desk.arrivals = arrive(this.#desk.arrivals, now);
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
    this.#pumpAt = pump(this.#desk, now);
    this.#desk.commit(now);
  }
}
