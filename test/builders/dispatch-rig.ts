import {
  type BatchFrame,
  type ClientFrame,
  type ClientId,
  type HelloFrame,
  type JsonValue,
  parseServerFrame,
  type ReportFrame,
  type ReportItem,
  type ServerFrame,
  type TaskId,
  type TaskSpec,
  type TaskState,
  type TaskView,
} from "@sluice/protocol";
import type { ConnectionFault } from "../../durable-objects/client/connection.ts";
import { Dispatch } from "../../durable-objects/client/dispatch.ts";
import { Storage } from "../../durable-objects/client/storage.ts";
import { encoded } from "./encoded.ts";
import { aHello } from "./frames.ts";
import { NodeSql } from "./node-sql.ts";

/** When the tests' clocks begin. */
export const START_MS = Date.UTC(2026, 0, 1);
const CLIENT = "cl_tests" as ClientId;

/** The wire's own parser stands in for the client: what it refuses, no client could read. */
export function readFrame(text: string): ServerFrame {
  const frame = parseServerFrame(text);
  if (!frame.ok) throw new Error(`the server sent what no client can read: ${frame.error.detail}`);
  return frame.value;
}

/**
 * One client's dispatch over real SQL in memory, with a clock that stands still until it is moved and a
 * socket that keeps what was sent.
 */
export class DispatchRig {
  readonly sql = new NodeSql();
  storage = new Storage(this.sql);
  dispatch: Dispatch;
  now = START_MS;
  epoch = 0;
  /** Whether the client pings, as one does that is alive. */
  pings = true;
  /** What was sent on the newest connection. */
  frames: ServerFrame[] = [];
  #reports = 0;

  constructor() {
    this.storage.migrate();
    this.dispatch = new Dispatch(this.storage, false);
  }

  get batches(): readonly BatchFrame[] {
    return this.frames.filter((frame) => frame.type === "batch");
  }

  get lastBatch(): BatchFrame {
    const batch = this.batches.at(-1);
    if (batch === undefined) throw new Error("no batch was sent");
    return batch;
  }

  /** Ids of all tasks that this connection was sent, in their order. */
  get delivered(): readonly TaskId[] {
    return this.batches.flatMap((batch) => batch.tasks.map(({ id }) => id));
  }

  /** A new socket says hello; it is the newest connection from here on. */
  connect(hello: Partial<HelloFrame> = {}): this {
    this.epoch += 1;
    this.frames = [];
    const { frames } = this;
    const wire = { send: (text: string) => void frames.push(readFrame(text)) };
    this.dispatch.hello(aHello(hello), wire, this.epoch, CLIENT, this.now);
    return this;
  }

  disconnect(): this {
    this.dispatch.disconnect();
    return this;
  }

  /** Schedules tasks in one call; throws when it is refused. */
  schedule(...specs: readonly TaskSpec[]): readonly TaskId[] {
    const answer = this.dispatch.schedule(encoded(specs), this.now);
    if (!answer.ok) throw new Error(answer.error.detail);
    return answer.value.map(({ id }) => id);
  }

  /** Schedules one task and returns its id. */
  scheduleOne(spec: TaskSpec): TaskId {
    const [id] = this.schedule(spec);
    if (id === undefined) throw new Error("no task was scheduled");
    return id;
  }

  /** The client says a frame. */
  hear(frame: ClientFrame): ConnectionFault | null {
    return this.dispatch.receive(frame, this.now);
  }

  /** Acknowledges everything sent on this connection. */
  ack(capacity?: HelloFrame["capacity"]): this {
    const seq = this.lastBatch.seq;
    this.hear({ type: "ack", epoch: this.epoch, seq, ...(capacity && { capacity }) });
    return this;
  }

  /** Reports under the next number; returns the frame, so that it can be said again. */
  report(...items: readonly ReportItem[]): ReportFrame {
    this.#reports += 1;
    const frame: ReportFrame = { type: "report", epoch: this.epoch, seq: this.#reports, items };
    this.hear(frame);
    return frame;
  }

  /** Lets time pass and then the alarm fire. */
  tick(afterMs: number): this {
    this.now += afterMs;
    this.dispatch.tick(this.now, this.pings ? this.now : null);
    return this;
  }

  /** Fires the alarm each time that it is wanted until `afterMs` have passed. */
  run(afterMs: number): this {
    const end = this.now + afterMs;
    for (let at = this.dispatch.wakeAt(); at !== null && at <= end; at = this.dispatch.wakeAt()) {
      this.tick(Math.max(at - this.now, 1));
    }
    this.now = end;
    return this;
  }

  /** The object slept and woke: memory is lost, the socket and what it carries are not. */
  evict(): this {
    const { connection } = this.dispatch;
    this.restart();
    const { frames } = this;
    if (connection !== null) {
      const wire = { send: (text: string) => void frames.push(readFrame(text)) };
      this.dispatch.restore(structuredClone(connection), wire);
    }
    return this;
  }

  /** The object crashed or was deployed anew: memory and socket are lost. */
  restart(): this {
    this.storage = new Storage(this.sql);
    this.dispatch = new Dispatch(this.storage, false);
    return this;
  }

  task(id: string): TaskView {
    const view = this.dispatch.tasks.get(id, this.now);
    if (!view.ok) throw new Error(view.error.detail);
    return view.value;
  }

  state(id: string): TaskState {
    return this.task(id).state;
  }

  /** Events of the task's timeline, in their order. */
  events(id: string): readonly string[] {
    return this.task(id).timeline.map(({ event }) => event);
  }

  /** All rows of a task's results. */
  rows(id: string): readonly JsonValue[] {
    const page = this.dispatch.tasks.rows(id, { cursor: null, limit: 10_000 }, this.now);
    if (!page.ok) throw new Error(page.error.detail);
    return page.value.items.map(({ row }) => row);
  }

  /** Rows that `act` wrote. */
  rowsWrittenBy(act: () => unknown): number {
    const before = this.storage.rowsWritten;
    act();
    return this.storage.rowsWritten - before;
  }
}
