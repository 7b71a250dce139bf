import {
  type AckFrame,
  type BatchFrame,
  type Capacity,
  type DeliveredTask,
  LIMITS,
  type ReportItem,
  type TaskId,
} from "@sluice/protocol";
import { admit } from "../journal/journal-state.ts";
import type { Recorder } from "./recorder.ts";
import {
  type Bucket,
  fullBucket,
  type Limiter,
  takeToken,
  tokensAt,
  waitForTokenMs,
} from "./token-bucket.ts";
import type { Clock } from "./tuning.ts";
import { WakeTimer } from "./wake-timer.ts";

/** What a client without a limiter says of its rate; the server takes it for no limit. */
const NO_LIMITER = { burst: LIMITS.unlimitedRate, perSecond: LIMITS.unlimitedRate };
/** Tokens are told in thousandths, rounded down, so that the server never counts on too many. */
const TOKEN_FRACTION = 1_000;

/** What the intake needs of the rest of the client. */
export interface IntakePort {
  /** Epoch of the present connection; null when there is none. */
  epoch(): number | null;
  send(frame: AckFrame): void;
  /** Hands over tasks that are accepted for good. */
  accepted(tasks: readonly DeliveredTask[]): void;
  emit(items: readonly ReportItem[]): void;
  cancel(ids: readonly TaskId[]): void;
  limiterTripped(): void;
}

/** Takes batches in: paced by the client's own limiter, acknowledged once they are durable. */
export class Intake {
  batches = 0;
  duplicates = 0;
  /** Batches that arrived when there was no token for them. */
  limiterTrips = 0;
  readonly #recorder: Recorder;
  readonly #port: IntakePort;
  readonly #limiter: Limiter | null;
  readonly #slots: number;
  readonly #clock: Clock;
  #bucket: Bucket;
  /** Batches without a token, in their order; they are not acknowledged yet. */
  #waiting: BatchFrame[] = [];
  readonly #cancelledEarly = new Set<TaskId>();
  readonly #tokenDue = new WakeTimer(() => this.#admitWaiting());
  #closed = false;

  constructor(
    recorder: Recorder,
    port: IntakePort,
    limiter: Limiter | null,
    slots: number,
    clock: Clock,
  ) {
    this.#recorder = recorder;
    this.#port = port;
    this.#limiter = limiter;
    this.#slots = slots;
    this.#clock = clock;
    this.#bucket = fullBucket(limiter ?? NO_LIMITER, clock.now());
  }

  /** What could be taken now. */
  capacity(): Capacity {
    const waitingTasks = this.#waiting.reduce((sum, batch) => sum + batch.tasks.length, 0);
    const free = this.#slots - this.#recorder.state.held.size - waitingTasks;
    const slots = this.#closed ? 0 : Math.max(0, free);
    if (this.#limiter === null) {
      return { ...NO_LIMITER, tokens: LIMITS.unlimitedRate, slots };
    }
    const tokens = tokensAt(this.#limiter, this.#bucket, this.#clock.now()) - this.#waiting.length;
    return {
      ...this.#limiter,
      tokens: Math.max(0, Math.floor(tokens * TOKEN_FRACTION) / TOKEN_FRACTION),
      slots,
    };
  }

  /** A batch of the present connection arrived. Without a token it waits for one, and counts as a trip. */
  receive(batch: BatchFrame): void {
    if (this.#closed) return;
    this.batches++;
    this.#waiting.push(batch);
    this.#admitWaiting();
    if (!this.#waiting.includes(batch)) return;
    this.limiterTrips++;
    this.#port.limiterTripped();
  }

  /** Remembers the cancelled among tasks that wait for a token. */
  cancel(ids: readonly TaskId[]): void {
    const wanted = new Set(ids);
    for (const { tasks } of this.#waiting) {
      for (const { id } of tasks) if (wanted.has(id)) this.#cancelledEarly.add(id);
    }
  }

  /** The connection is gone: what was not acknowledged will be sent again. */
  disconnected(): void {
    this.#waiting = [];
    this.#cancelledEarly.clear();
    this.#tokenDue.clear();
  }

  /** Takes nothing more. */
  close(): void {
    this.#closed = true;
    this.disconnected();
  }

  #admitWaiting(): void {
    const now = this.#clock.now();
    for (let batch = this.#waiting[0]; batch !== undefined; batch = this.#waiting[0]) {
      if (!this.#takeToken(now)) return;
      this.#waiting.shift();
      this.#accept(batch);
    }
  }

  /** Takes a token, or sets the timer for the next one. */
  #takeToken(now: number): boolean {
    if (this.#limiter === null) return true;
    const rest = takeToken(this.#limiter, this.#bucket, now);
    if (rest !== null) {
      this.#bucket = rest;
      return true;
    }
    const waitMs = waitForTokenMs(this.#limiter, this.#bucket, now);
    if (Number.isFinite(waitMs)) this.#tokenDue.set(now + waitMs, now);
    return false;
  }

  #accept(batch: BatchFrame): void {
    const { fresh, adopted, endsAgain, duplicates } = admit(this.#recorder.state, batch.tasks);
    const position = { epoch: batch.epoch, seq: batch.seq };
    this.duplicates += duplicates;
    this.#recorder.record({ type: "batch", position, fresh, adopted });
    this.#port.emit(endsAgain);
    this.#recorder.afterSync(() => {
      this.#port.accepted(fresh);
      this.#cancelEarly(fresh);
      this.#acknowledge(position);
    });
  }

  #cancelEarly(tasks: readonly DeliveredTask[]): void {
    if (this.#cancelledEarly.size === 0) return;
    const ids = tasks.map((task) => task.id).filter((id) => this.#cancelledEarly.delete(id));
    if (ids.length > 0) this.#port.cancel(ids);
  }

  #acknowledge({ epoch, seq }: { readonly epoch: number; readonly seq: number }): void {
    if (this.#port.epoch() !== epoch) return;
    this.#port.send({ type: "ack", epoch, seq, capacity: this.capacity() });
  }
}
