import {
  type BatchFrame,
  DEFAULT_SLOTS,
  type DeliveredTask,
  encodeFrame,
  type HelloFrame,
  type ServerFrame,
  type WelcomeFrame,
} from "@sluice/protocol";
import { connectUrl } from "../transport/transport.ts";
import { type ClientEvent, disconnectCode, type EndReason } from "./client-events.ts";
import { type ClientOptions, checkOptions, DEFAULT_CONCURRENCY } from "./client-options.ts";
import { type ClientStats, statsOf } from "./client-stats.ts";
import type { Ending } from "./connection-state.ts";
import { Executor } from "./executor.ts";
import { helloOf } from "./hello.ts";
import { Intake } from "./intake.ts";
import { Link } from "./link.ts";
import { Outbox } from "./outbox.ts";
import { Recorder } from "./recorder.ts";
import { Resumption } from "./resumption.ts";
import type { TaskHandler } from "./task-context.ts";
import { type Clock, DEFAULT_TUNING, SYSTEM_CLOCK, type Tuning } from "./tuning.ts";

/**
 * A client runtime: holds the connection, keeps what it accepted in its journal, runs handlers, and
 * reports. Throws `TypeError` or `RangeError` for options with which it could not work.
 */
export class SluiceClient {
  /** Resolves when the client came to its end, with the reason. Never rejects. */
  readonly ended: Promise<EndReason>;
  readonly #options: ClientOptions;
  readonly #tuning: Tuning;
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #link: Link;
  readonly #outbox: Outbox;
  readonly #executor: Executor;
  readonly #intake: Intake;
  readonly #resumption: Resumption;
  #resolveEnded: (reason: EndReason) => void = () => {};
  /** How far the server's clock is ahead of ours, ms. */
  #clockLeadMs = 0;
  #started = false;

  constructor(options: ClientOptions) {
    checkOptions(options);
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#options = options;
    this.#tuning = { ...DEFAULT_TUNING, ...options.tuning };
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#recorder = new Recorder(options.journal, (cause) => this.#journalFailed(cause));
    this.#link = this.#makeLink();
    this.#outbox = this.#makeOutbox();
    this.#executor = this.#makeExecutor();
    this.#intake = this.#makeIntake();
    this.#resumption = this.#makeResumption();
  }

  get stats(): ClientStats {
    return statsOf({
      state: this.#recorder.state,
      link: this.#link,
      intake: this.#intake,
      executor: this.#executor,
      outbox: this.#outbox,
    });
  }

  /** Sets the handler of a kind. Call it before {@link start}: without one a task of the kind fails. */
  handle(kind: string, handler: TaskHandler): this {
    this.#executor.handle(kind, handler);
    return this;
  }

  /**
   * Opens the journal, takes up what an earlier process left, and begins to connect. Resolves when the
   * journal is open; throws what it throws, `JournalLockedError` among it.
   */
  async start(): Promise<void> {
    if (this.#started) throw new Error("a client starts once");
    this.#started = true;
    const droppedBytes = await this.#recorder.open();
    if (droppedBytes > 0) this.#tell({ type: "journal_repaired", droppedBytes });
    this.#outbox.restore();
    this.#resumption.begin();
    this.#link.start();
  }

  /**
   * Stops in order: takes nothing more, lets running handlers finish, waits for their reports to be
   * answered, closes the connection and the journal. Both waits are bounded by `drainMs`. What did not
   * finish stays in the journal for the next start.
   */
  async stop(): Promise<void> {
    this.#intake.close();
    this.#resumption.stop();
    await this.#executor.drain();
    await this.#outbox.drain();
    this.#link.stop();
    await this.#closeJournal();
  }

  #makeLink(): Link {
    const { transport, url, token } = this.#options;
    const policy = {
      ...this.#tuning,
      backoff: { baseMs: this.#tuning.backoffBaseMs, capMs: this.#tuning.backoffCapMs },
    };
    return new Link(transport, { url: connectUrl(url), token }, policy, this.#clock, {
      greet: (send) => this.#recorder.afterSync(() => send(encodeFrame(this.#hello()))),
      received: (frame) => this.#received(frame),
      farewell: ({ code, reason }) => this.#tell({ type: "bye", code, reason }),
      lost: (ending, retryInMs) => this.#lost(ending, retryInMs),
      halfOpen: () => this.#tell({ type: "half_open" }),
      final: (reason) => this.#ended(reason),
    });
  }

  #makeOutbox(): Outbox {
    const port = {
      epoch: () => this.#link.epoch,
      capacity: () => this.#intake.capacity(),
      send: (frame: Parameters<typeof encodeFrame>[0]) => this.#link.send(encodeFrame(frame)),
      collect: () => this.#executor.collect(),
      idle: () => this.#executor.running === 0 && this.#executor.ready === 0,
    };
    return new Outbox(this.#recorder, port, this.#tuning, this.#clock);
  }

  #makeExecutor(): Executor {
    const port = {
      emit: this.#outbox.emit.bind(this.#outbox),
      touched: () => this.#outbox.touched(),
      room: () => this.#outbox.room(),
      serverNow: () => this.#clock.now() + this.#clockLeadMs,
    };
    const concurrency = this.#options.concurrency ?? DEFAULT_CONCURRENCY;
    return new Executor(this.#recorder, port, concurrency, this.#tuning, this.#clock);
  }

  #makeIntake(): Intake {
    const port = {
      epoch: () => this.#link.epoch,
      send: (frame: Parameters<typeof encodeFrame>[0]) => this.#link.send(encodeFrame(frame)),
      accepted: this.#executor.enqueue.bind(this.#executor),
      emit: this.#outbox.emit.bind(this.#outbox),
      cancel: this.#executor.cancel.bind(this.#executor),
      limiterTripped: () => this.#tell({ type: "limiter_tripped" }),
    };
    const { limiter = null, slots = DEFAULT_SLOTS } = this.#options;
    return new Intake(this.#recorder, port, limiter, slots, this.#clock);
  }

  #makeResumption(): Resumption {
    const port = {
      enqueue: this.#executor.enqueue.bind(this.#executor),
      enqueueInterrupted: this.#executor.enqueueInterrupted.bind(this.#executor),
      emit: this.#outbox.emit.bind(this.#outbox),
      poisoned: ({ id, kind }: DeliveredTask) => this.#tell({ type: "task_poisoned", id, kind }),
    };
    return new Resumption(this.#recorder, port, this.#tuning);
  }

  #hello(): HelloFrame {
    return helloOf(this.#options, this.#recorder.state, this.#intake.capacity());
  }

  #received(frame: Exclude<ServerFrame, { type: "bye" }>): void {
    switch (frame.type) {
      case "welcome":
        this.#welcomed(frame);
        return;
      case "batch":
        this.#batch(frame);
        return;
      case "reported":
        this.#outbox.answered(frame.seq);
        return;
      case "cancel":
        this.#intake.cancel(frame.ids);
        this.#executor.cancel(frame.ids);
        return;
    }
  }

  #welcomed({ epoch, clientId, serverTime }: WelcomeFrame): void {
    this.#clockLeadMs = Date.parse(serverTime) - this.#clock.now();
    this.#tell({ type: "connected", epoch, clientId });
    this.#outbox.transmit();
    this.#resumption.welcomed();
  }

  #batch(frame: BatchFrame): void {
    if (frame.epoch === this.#link.epoch) this.#intake.receive(frame);
  }

  #lost(ending: Ending, retryInMs: number): void {
    this.#intake.disconnected();
    this.#tell({ type: "disconnected", code: disconnectCode(ending), retryInMs });
  }

  async #closeJournal(): Promise<void> {
    if (!this.#started) return;
    try {
      await this.#recorder.close();
    } catch (cause) {
      this.#tell({ type: "journal_failed", cause });
    }
  }

  /** Without a journal nothing may be acknowledged, so there is nothing left to do. */
  #journalFailed(cause: unknown): void {
    if (this.#link.phase === "final") return;
    this.#tell({ type: "journal_failed", cause });
    this.#resolveEnded("journal_failed");
    this.#intake.close();
    this.#link.stop();
  }

  #ended(reason: Exclude<EndReason, "journal_failed">): void {
    this.#intake.disconnected();
    this.#resolveEnded(reason);
    this.#tell({ type: "ended", reason });
  }

  /** A watcher that throws does not stop the client. */
  #tell(event: ClientEvent): void {
    try {
      this.#options.onEvent?.(event);
    } catch {
      // Its own affair.
    }
  }
}
