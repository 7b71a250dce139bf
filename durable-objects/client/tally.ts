import type { TaskState } from "@sluice/protocol";
import { isUrgent, type Segment, URGENT } from "./segment.ts";

/** How many tasks of a client are in which state, and what the queue weighs. */
export class Tally {
  readonly #counts: Record<TaskState, number> = {
    queued: 0,
    leased: 0,
    accepted: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    cancelled: 0,
    expired: 0,
    dead: 0,
    unknown: 0,
  };
  #urgent = 0;
  #queuedBytes = 0;

  count(state: TaskState): number {
    return this.#counts[state];
  }

  /** Deliveries that the client holds: acknowledged and not ended. */
  get held(): number {
    return this.count("accepted") + this.count("running");
  }

  /** Queued tasks that pass every gate. */
  get urgent(): number {
    return this.#urgent;
  }

  get queuedBytes(): number {
    return Math.max(0, Math.round(this.#queuedBytes));
  }

  /** A new segment, all of it queued. */
  addQueued(segment: Segment): void {
    this.#counts.queued += segment.count;
    this.#queuedBytes += segment.bytes;
    if (segment.options.every(({ priority }) => priority !== URGENT)) return;
    for (let ordinal = segment.first; ordinal < segment.first + segment.count; ordinal += 1) {
      if (isUrgent(segment, ordinal)) this.#urgent += 1;
    }
  }

  /** A task is in this state. */
  add(segment: Segment, ordinal: number, state: TaskState): void {
    this.#shift(segment, ordinal, state, 1);
  }

  /** A task is in this state no longer. */
  remove(segment: Segment, ordinal: number, state: TaskState): void {
    this.#shift(segment, ordinal, state, -1);
  }

  #shift(segment: Segment, ordinal: number, state: TaskState, by: 1 | -1): void {
    this.#counts[state] += by;
    if (state !== "queued") return;
    this.#queuedBytes += (by * segment.bytes) / segment.count;
    if (isUrgent(segment, ordinal)) this.#urgent += by;
  }
}
