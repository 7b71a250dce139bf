import type { Capacity, ClientFrame, ServerFrame, TaskId } from "@sluice/protocol";
import { DispatchRig, START_MS } from "../../../builders/dispatch-rig.ts";
import { task } from "../../../builders/tasks.ts";
import { TokenBucket } from "../../../harness/token-bucket.ts";

export interface Scenario {
  /** When tasks are scheduled, ms from the start, ascending; one call each. */
  readonly scheduledAt: readonly number[];
  readonly burst: number;
  readonly perSecond: number;
  /** Tasks that the client takes, running or waiting. */
  readonly slots: number;
  /** Tasks that it runs at a time, and how long each takes, ms. */
  readonly concurrency: number;
  readonly runMs: number;
  /** One way, ms. */
  readonly latencyMs: number;
}

export interface Outcome {
  readonly frames: number;
  readonly trips: number;
  /** Per task, from its call to its arrival at the client, ms. */
  readonly waitsMs: readonly number[];
  /** When the last task had ended, ms from the start. */
  readonly doneAtMs: number;
}

/** Things to come, in the order of their times; those of one time in the order they were planned. */
class Agenda {
  readonly #entries: { at: number; act: () => void }[] = [];

  plan(at: number, act: () => void): void {
    const index = this.#entries.findIndex((entry) => entry.at > at);
    this.#entries.splice(index < 0 ? this.#entries.length : index, 0, { at, act });
  }

  /** Runs the next thing if it comes by `at`; false when nothing does. */
  run(at: number, moveTo: (time: number) => void): boolean {
    const next = this.#entries[0];
    if (next === undefined || next.at > at) return false;
    this.#entries.shift();
    moveTo(next.at);
    next.act();
    return true;
  }
}

/**
 * Runs a whole dispatch against one client, event by event: its calls, its alarm exactly when it asks for
 * it, a line of fixed latency, and a client with a limiter, slots and a few hands.
 */
export class Simulation {
  readonly #scenario: Scenario;
  readonly #rig = new DispatchRig();
  readonly #agenda = new Agenda();
  readonly #bucket: TokenBucket;
  readonly #scheduledAt = new Map<TaskId, number>();
  readonly #waitsMs: number[] = [];
  readonly #waiting: TaskId[] = [];
  #running = 0;
  #ended = 0;
  #reports = 0;
  #read = 0;
  #frames = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#bucket = new TokenBucket(scenario.burst, scenario.perSecond, START_MS);
  }

  run(): Outcome {
    const { scheduledAt } = this.#scenario;
    this.#rig.connect({ capacity: this.#capacity() });
    for (const at of scheduledAt) {
      this.#agenda.plan(START_MS + at, () => {
        this.#scheduledAt.set(this.#rig.scheduleOne(task()), this.#rig.now);
      });
    }
    while (this.#ended < scheduledAt.length) this.#step();
    return {
      frames: this.#frames,
      trips: this.#bucket.trips,
      waitsMs: this.#waitsMs,
      doneAtMs: this.#rig.now - START_MS,
    };
  }

  #step(): void {
    const wakeAt = this.#rig.dispatch.wakeAt() ?? Number.POSITIVE_INFINITY;
    const acted = this.#agenda.run(wakeAt, (time) => {
      this.#rig.now = time;
    });
    if (!acted) {
      if (!Number.isFinite(wakeAt)) throw new Error("tasks wait and nothing is to come");
      this.#rig.now = Math.max(wakeAt, this.#rig.now + 1);
      this.#rig.dispatch.tick(this.#rig.now);
    }
    for (const frame of this.#rig.frames.slice(this.#read)) {
      this.#after(this.#scenario.latencyMs, () => this.#hear(frame));
    }
    this.#read = this.#rig.frames.length;
  }

  #hear(frame: ServerFrame): void {
    if (frame.type !== "batch") return;
    this.#frames += 1;
    this.#bucket.take(this.#rig.now);
    for (const { id } of frame.tasks) {
      this.#waitsMs.push(this.#rig.now - (this.#scheduledAt.get(id) ?? 0));
      this.#waiting.push(id);
    }
    this.#say({ type: "ack", epoch: 1, seq: frame.seq, capacity: this.#capacity() });
    this.#startNext();
  }

  #startNext(): void {
    while (this.#running < this.#scenario.concurrency) {
      const id = this.#waiting.shift();
      if (id === undefined) return;
      this.#running += 1;
      this.#after(this.#scenario.runMs, () => this.#finish(id));
    }
  }

  #finish(id: TaskId): void {
    this.#running -= 1;
    this.#ended += 1;
    this.#reports += 1;
    const items = [{ id, attempt: 1, event: "succeeded" }] as const;
    const capacity = this.#capacity();
    this.#say({ type: "report", epoch: 1, seq: this.#reports, items, capacity });
    this.#startNext();
  }

  #say(frame: ClientFrame): void {
    this.#after(this.#scenario.latencyMs, () => void this.#rig.hear(frame));
  }

  #after(ms: number, act: () => void): void {
    this.#agenda.plan(this.#rig.now + ms, act);
  }

  #capacity(): Capacity {
    const { burst, perSecond } = this.#bucket;
    const slots = this.#scenario.slots - this.#running - this.#waiting.length;
    return { burst, perSecond, tokens: this.#bucket.tokens(this.#rig.now), slots };
  }
}

/** Times `gapMs` apart. */
export function every(gapMs: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => n * gapMs);
}
