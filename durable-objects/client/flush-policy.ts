import type { WaitingFor } from "@sluice/protocol";
import { type Arrivals, quietAt } from "./arrivals.ts";
import { type CapacityMirror, tokensAt, whenTokens } from "./capacity.ts";

/** Default time that a task waits to be joined by others while tokens are plenty. */
export const LINGER_MS = 50;
/** Added to the tokens spent, so that the first frame after a full bucket already keeps a distance. */
const HEAD_START_TOKENS = 0.5;

/** All that the decision depends on. Times are ms. */
export interface FlushView {
  /** Tasks in the queue, urgent ones included. */
  readonly queued: number;
  /** Of them priority 9. */
  readonly urgent: number;
  readonly arrivals: Arrivals | null;
  /** When the last batch of this connection left; null before the first. */
  readonly lastFlushAt: number | null;
  readonly capacity: CapacityMirror;
  readonly lingerMs: number;
  readonly maxBatchTasks: number;
}

/** `tasks` may leave in one frame, of them at most `ordinary` that are not urgent; or wait. */
export type FlushDecision =
  | { readonly kind: "send"; readonly tasks: number; readonly ordinary: number }
  | { readonly kind: "wait"; readonly wakeAt: number | null; readonly waitingFor: WaitingFor };

/**
 * The flush policy: send a batch now, or be woken later.
 *
 * Urgent work needs a token and a slot and nothing else. For the rest one token and one slot stay in
 * reserve, and frames keep a distance that grows with the square of the share of tokens spent: a burst
 * that meets a full bucket leaves in a few frames, a stream is spread over what the limiter gives back.
 * A burst that falls quiet is ended early, after a part of the distance that grows the same way.
 */
export function decideFlush(view: FlushView, now: number): FlushDecision {
  if (view.queued === 0) return { kind: "wait", wakeAt: null, waitingFor: "linger" };
  const ordinarySlots = Math.max(0, view.capacity.slots - reservedSlots(view.capacity));
  if (view.urgent > 0) return decideUrgent(view, ordinarySlots, now);
  if (ordinarySlots === 0) return { kind: "wait", wakeAt: null, waitingFor: "slots" };
  const needed = 1 + reservedTokens(view.capacity);
  if (tokensAt(view.capacity, now) < needed) {
    return {
      kind: "wait",
      wakeAt: whenTokens(view.capacity, needed, now),
      waitingFor: "rate",
    };
  }
  const tasks = Math.min(ordinarySlots, view.maxBatchTasks);
  const earliest = earliestFlush(view, tasks, now);
  if (now >= earliest) return { kind: "send", tasks, ordinary: tasks };
  const spread = distanceMs(view, now) > view.lingerMs;
  return { kind: "wait", wakeAt: earliest, waitingFor: spread ? "rate" : "linger" };
}

/** An urgent task's frame costs its token anyway, so others ride along, but not into the reserve. */
function decideUrgent(view: FlushView, ordinarySlots: number, now: number): FlushDecision {
  if (view.capacity.slots === 0) return { kind: "wait", wakeAt: null, waitingFor: "slots" };
  if (tokensAt(view.capacity, now) < 1) {
    return { kind: "wait", wakeAt: whenTokens(view.capacity, 1, now), waitingFor: "rate" };
  }
  return {
    kind: "send",
    tasks: Math.min(view.capacity.slots, view.maxBatchTasks),
    ordinary: ordinarySlots,
  };
}

function earliestFlush(view: FlushView, tasks: number, now: number): number {
  if (view.lastFlushAt === null) return now;
  const fullest = view.capacity.rate === null ? tasks : view.maxBatchTasks;
  if (tasks === fullest && view.queued >= fullest) return now;
  const distance = distanceMs(view, now);
  const spaced = view.lastFlushAt + distance;
  if (view.arrivals === null) return spaced;
  const quiet = Math.max(
    quietAt(view.arrivals),
    view.lastFlushAt + distance * spentShare(view, now),
  );
  return Math.ceil(Math.min(spaced, quiet));
}

/** Time that ordinary frames keep from each other, ms. */
function distanceMs(view: FlushView, now: number): number {
  const { rate } = view.capacity;
  if (rate === null || rate.perSecond <= 0) return view.lingerMs;
  return Math.max(view.lingerMs, (1000 / rate.perSecond) * spentShare(view, now) ** 2);
}

/** Share of the bucket that is spent, 0 to 1. */
function spentShare(view: FlushView, now: number): number {
  const { rate } = view.capacity;
  if (rate === null || rate.burst <= 0) return 0;
  const spent = rate.burst - tokensAt(view.capacity, now) + HEAD_START_TOKENS;
  return Math.min(1, spent / rate.burst);
}

/** The reserve is never a client's only token … */
function reservedTokens(capacity: CapacityMirror): number {
  return capacity.rate !== null && capacity.rate.burst >= 2 ? 1 : 0;
}

/** … nor its only slot. */
function reservedSlots(capacity: CapacityMirror): number {
  return capacity.mostFree >= 2 ? 1 : 0;
}
