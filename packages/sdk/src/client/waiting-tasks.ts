import type { DeliveredTask, TaskId } from "@sluice/protocol";
import type { HeldTask } from "../journal/record.ts";
import { ReadyQueue, URGENT } from "./ready-queue.ts";

/** Slots on top of `concurrency` that only urgent tasks use. */
const URGENT_RESERVE = 1;

/** Decides which task is the next to start, if any may. */
export class WaitingTasks {
  readonly #concurrency: number;
  readonly #ready = new ReadyQueue();
  /** Tasks whose process died while they ran. */
  readonly #suspects: DeliveredTask[] = [];
  /** The suspect that was taken and has not ended. */
  #suspect: TaskId | null = null;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  get size(): number {
    return this.#ready.size + this.#suspects.length;
  }

  add(task: DeliveredTask): void {
    this.#ready.add(task);
  }

  /**
   * Adds tasks whose process died while they ran. One of them killed it, and the others were only
   * there: they run one at a time, those that saw it least first, so that the next death is on the
   * account of the one that causes it.
   */
  addSuspects(interrupted: readonly HeldTask[]): void {
    const leastFirst = [...interrupted].sort((one, other) => one.starts - other.starts);
    this.#suspects.push(...leastFirst.map(({ task }) => task));
  }

  /** Removes and returns the next task to start while `running` others run; null when none may. */
  take(running: number): DeliveredTask | null {
    if (running >= this.#concurrency + URGENT_RESERVE) return null;
    if (running >= this.#concurrency) return this.#ready.take(URGENT);
    return this.#takeSuspect() ?? this.#ready.take(0);
  }

  /** A task that was taken has ended, or did not start after all. */
  ended(id: TaskId): void {
    if (this.#suspect === id) this.#suspect = null;
  }

  #takeSuspect(): DeliveredTask | null {
    const next = this.#suspect === null ? this.#suspects.shift() : undefined;
    if (next === undefined) return null;
    this.#suspect = next.id;
    return next;
  }
}
