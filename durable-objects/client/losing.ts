import type { Desk } from "./desk.ts";
import { expiryOf, optionsOf, type Segment } from "./segment.ts";
import { lose } from "./transitions.ts";

/** Crashes of the client with a task in hand after which the task is dead. */
export const POISON_AFTER = 3;

/** A delivery to give up. */
export interface LostDelivery {
  readonly segment: Segment;
  readonly ordinal: number;
}

/**
 * Takes deliveries as lost: each goes back to the front of the queue, or ends, by its own rules.
 * `why` goes into their timelines.
 */
export function loseDeliveries(
  desk: Desk,
  lost: readonly LostDelivery[],
  why: string,
  now: number,
): void {
  const requeued: number[] = [];
  for (const { segment, ordinal } of lost) {
    const options = optionsOf(segment, ordinal);
    const rules = {
      maxAttempts: options.maxAttempts,
      atMostOnce: options.atMostOnce,
      poisonAfter: POISON_AFTER,
      expiresAt: expiryOf(segment, options),
    };
    const record = desk.change(segment, ordinal, (before) => lose(before, rules, now));
    if (record === null) continue;
    if (record.state === "queued") {
      requeued.push(ordinal);
      desk.book.dueAt = Math.min(desk.book.dueAt, rules.expiresAt);
      desk.note(ordinal, record, "requeued", why);
    } else {
      desk.noteEnd(ordinal, record, why);
    }
  }
  desk.book.putBack(requeued);
}
