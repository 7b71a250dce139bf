import {
  type ClientFrame,
  type ClientId,
  isTerminal,
  type ServerFrame,
  type TaskId,
  type TaskSpec,
  type TaskState,
} from "@sluice/protocol";
import { rearm } from "../../../../durable-objects/alarm.ts";
import { isAlive } from "../../../../durable-objects/client/connection.ts";
import { Dispatch } from "../../../../durable-objects/client/dispatch.ts";
import { linkAfterHello } from "../../../../durable-objects/client/link.ts";
import { Storage } from "../../../../durable-objects/client/storage.ts";
import { readFrame, START_MS } from "../../../builders/dispatch-rig.ts";
import { encoded } from "../../../builders/encoded.ts";
import { NodeSql } from "../../../builders/node-sql.ts";
import { type ClientTraits, JournalledClient } from "./journalled-client.ts";
import { Line } from "./line.ts";

const CLIENT = "cl_model" as ClientId;
/** A line that works delivers within this: there and back it stays well below the ack timeout. */
const LATENCY_MS = 4_000;

/** What the model remembers of a task from outside. */
export interface Scheduled {
  readonly spec: TaskSpec;
  readonly deadline: number;
  /** Attempts under which it was delivered, in their order. */
  readonly deliveries: number[];
  /** Its state once it has ended. */
  ended: TaskState | null;
}

/**
 * A client's object with its storage, socket and alarm on one side, a client with its journal on the
 * other, and time, lines and crashes between them. One event of the object is one transaction: what it
 * sends leaves when it commits, and a crash undoes all of it.
 */
export class World {
  readonly client: JournalledClient;
  readonly scheduled = new Map<TaskId, Scheduled>();
  readonly #keys = new Map<string, TaskId>();
  readonly #sql = new NodeSql();
  readonly #storage = new Storage(this.#sql);
  dispatch: Dispatch;
  now = START_MS;
  paused = false;
  /** When the platform will fire the alarm. */
  armedAt: number | null = null;
  /** The client's newest line, and older ones on which frames are still under way. */
  line: Line | null = null;
  readonly oldLines: Line[] = [];
  /** The line that the object takes for its connection. */
  #served: Line | null = null;
  /** Frames of the running event, which leave when it commits. */
  #outbox: { line: Line; frame: ServerFrame }[] = [];
  #lastSeq = { epoch: 0, seq: 0 };

  constructor(traits: ClientTraits) {
    this.client = new JournalledClient(traits, this.now);
    this.#storage.migrate();
    this.dispatch = new Dispatch(this.#storage, false);
  }

  close(): void {
    this.#sql.close();
  }

  /** Runs one event of the object to its end. */
  event(act: () => void): void {
    this.#sql.begin();
    act();
    this.#arm();
    this.#sql.commit();
    for (const { line, frame } of this.#outbox) this.#leave(line, frame);
    this.#outbox = [];
  }

  /** The object crashes in the middle of an event: nothing of it has happened, and its socket is gone. */
  crashDuring(act: () => void): void {
    const armedAt = this.armedAt;
    this.#sql.begin();
    act();
    this.#sql.rollback();
    this.armedAt = armedAt;
    this.#outbox = [];
    this.crash();
  }

  /** The object is started anew without its socket, as after a crash or a deploy. */
  crash(): void {
    this.dispatch = new Dispatch(new Storage(this.#sql), this.paused);
    this.#served = null;
    this.#arm();
    this.cut();
  }

  /** The object slept and woke: its socket and what that carries are still there. */
  evict(): void {
    this.dispatch = this.startedAnew();
  }

  /** What an object that wakes now would know. */
  startedAnew(): Dispatch {
    const { connection } = this.dispatch;
    const anew = new Dispatch(new Storage(this.#sql), this.paused);
    if (connection !== null) anew.restore(structuredClone(connection), this.#wire(this.#served));
    return anew;
  }

  schedule(specs: readonly TaskSpec[]): readonly TaskId[] {
    const answer = this.dispatch.schedule(encoded(specs), this.now);
    if (!answer.ok) return [];
    return answer.value.map(({ id }) => id);
  }

  /** The caller was answered: from here on the tasks exist. */
  noteScheduled(ids: readonly TaskId[], specs: readonly TaskSpec[]): void {
    for (const [index, id] of ids.entries()) {
      const spec = specs[index];
      if (spec === undefined) continue;
      const key = spec.idempotencyKey;
      if (key !== undefined && (this.#keys.get(key) ?? id) !== id) {
        throw new Error("an idempotency key named two tasks");
      }
      if (key !== undefined) this.#keys.set(key, id);
      if (this.scheduled.has(id)) continue;
      const deadline = this.now + (spec.ttlSeconds ?? 0) * 1_000;
      this.scheduled.set(id, { spec, deadline, deliveries: [], ended: null });
    }
  }

  connect(): void {
    this.cut();
    const line = new Line();
    this.line = line;
    this.client.connect((frame) => this.#say(line, frame), this.now);
  }

  /** The connection ends at the client; the object does not notice before it is told. */
  cut(): void {
    this.client.disconnect();
    if (this.line === null) return;
    this.line.close();
    this.oldLines.push(this.line);
    this.line = null;
  }

  /** The object is told that its socket closed. */
  noticeClose(): void {
    if (this.#served === null || this.#served.open) return;
    this.dispatch.disconnect();
    this.#served = null;
  }

  /** The next frame of a line reaches the object. */
  frameToServer(line: Line): void {
    const sent = line.toServer.shift();
    if (sent !== undefined) this.serverHears(line, sent.frame);
  }

  serverHears(line: Line, frame: ClientFrame): void {
    if (frame.type !== "hello") {
      this.dispatch.receive(frame, this.now);
      return;
    }
    if (line !== this.line) return;
    const link = linkAfterHello(this.#storage.link.load(), frame, false, this.now);
    this.#storage.link.save(link);
    this.#served = line;
    line.epoch = link.epoch;
    this.dispatch.hello(frame, this.#wire(line), link.epoch, CLIENT, this.now);
  }

  frameToClient(): void {
    const sent = this.line?.toClient.shift();
    if (sent !== undefined) this.client.hear(sent.frame, this.line?.stalled ?? false, this.now);
  }

  /** Time passes; a line that works does not fall behind it, and the alarm fires when it is due. */
  advance(ms: number): void {
    const end = this.now + ms;
    while (this.now < end) {
      const oldest = this.line?.stalled ? null : (this.line?.oldestAt() ?? null);
      const stop = Math.min(end, this.armedAt ?? end, oldest === null ? end : oldest + LATENCY_MS);
      this.now = Math.max(this.now, stop);
      if (oldest !== null && this.now >= oldest + LATENCY_MS) this.flow();
      if (this.armedAt !== null && this.now >= this.armedAt) this.fireAlarm();
    }
  }

  /** Everything under way on the client's line arrives, and what that brings about. */
  flow(): void {
    const { line } = this;
    while (line !== null && line === this.line && line.oldestAt() !== null) {
      if (line.toServer.length > 0) this.event(() => this.frameToServer(line));
      else this.frameToClient();
    }
  }

  fireAlarm(): void {
    this.armedAt = null;
    this.event(() => {
      const { connection } = this.dispatch;
      const pinged = this.#served?.open ? this.now : null;
      if (connection !== null && !isAlive(connection, pinged, this.now)) this.noticeClose();
      this.dispatch.tick(this.now, pinged);
    });
  }

  setPaused(paused: boolean): void {
    this.paused = paused;
    this.dispatch.setPaused(paused, this.now);
  }

  #say(line: Line, frame: ClientFrame): void {
    line.toServer.push({ frame, at: this.now });
  }

  #wire(line: Line | null): { send(text: string): void } {
    return {
      send: (text) => {
        if (line !== this.#served)
          throw new Error("a frame on a connection that is not the newest");
        if (line !== null) this.#outbox.push({ line, frame: readFrame(text) });
      },
    };
  }

  #leave(line: Line, frame: ServerFrame): void {
    if (frame.type === "batch") {
      if (this.paused) throw new Error("a batch left while the client was paused");
      const { epoch, seq } = this.#lastSeq;
      if (frame.epoch !== line.epoch) throw new Error("a batch of another epoch");
      if (frame.epoch === epoch && frame.seq <= seq) throw new Error("seq did not grow");
      this.#lastSeq = frame;
      for (const task of frame.tasks) this.#noteDelivery(task.id, task.attempt);
    }
    if (line.open) line.toClient.push({ frame, at: this.now });
  }

  #noteDelivery(id: TaskId, attempt: number): void {
    const task = this.scheduled.get(id);
    if (task === undefined) return;
    if (attempt <= (task.deliveries.at(-1) ?? 0)) throw new Error("an attempt was given twice");
    if (this.now >= task.deadline) throw new Error("a task was sent past its deadline");
    if (task.ended !== null && isTerminal(task.ended)) throw new Error("an ended task was sent");
    task.deliveries.push(attempt);
  }

  #arm(): void {
    const at = rearm({ armedAt: this.armedAt }, this.dispatch.wakeAt(), this.now);
    if (at !== null) this.armedAt = at;
  }
}
