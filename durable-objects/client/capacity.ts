import { type Capacity, DEFAULT_SLOTS } from "@sluice/protocol";

/**
 * The server's picture of one client's limiter and slots. It errs on the low side: a frame that left
 * and is not acknowledged counts as spent, and refill is counted a little slower than the client does,
 * so that the server never trips the client's limiter.
 */
export interface CapacityMirror {
  /** Null: no rate limit. */
  readonly rate: Rate | null;
  /** Tasks that may be sent now. */
  readonly slots: number;
  /** The most slots that the client was seen to have, held ones included. */
  readonly slotsTotal: number;
}

interface Rate {
  readonly burst: number;
  readonly perSecond: number;
  readonly tokens: number;
  /** When `tokens` held, ms. */
  readonly at: number;
}

/** Share of the refill that is counted on; the rest covers clocks that disagree. */
const TRUSTED_REFILL = 0.999;

/** What is on its way to the client and not yet in what it says. */
export interface Unacknowledged {
  readonly frames: number;
  readonly tasks: number;
}

/** The picture at `hello`; `held` are the tasks that the client has and has not finished. */
export function mirrorHello(
  capacity: Capacity | undefined,
  held: number,
  now: number,
): CapacityMirror {
  if (capacity === undefined) {
    return { rate: null, slots: Math.max(0, DEFAULT_SLOTS - held), slotsTotal: DEFAULT_SLOTS };
  }
  return {
    rate: rateOf(capacity, capacity.tokens, now),
    slots: capacity.slots,
    slotsTotal: capacity.slots + held,
  };
}

/** A later word of the client replaces the picture, less what was on its way when it was said. */
export function mirrorUpdate(
  mirror: CapacityMirror,
  capacity: Capacity,
  unacknowledged: Unacknowledged,
  held: number,
  now: number,
): CapacityMirror {
  return {
    rate: rateOf(capacity, Math.max(0, capacity.tokens - unacknowledged.frames), now),
    slots: Math.max(0, capacity.slots - unacknowledged.tasks),
    slotsTotal: Math.max(mirror.slotsTotal, capacity.slots + held),
  };
}

/** One batch frame of `tasks` tasks leaves. */
export function spend(mirror: CapacityMirror, tasks: number, now: number): CapacityMirror {
  const rate = mirror.rate && {
    ...mirror.rate,
    tokens: Math.max(0, tokensAt(mirror, now) - 1),
    at: now,
  };
  return { ...mirror, rate, slots: Math.max(0, mirror.slots - tasks) };
}

/** Deliveries ended and the client did not say its capacity with it. */
export function release(mirror: CapacityMirror, tasks: number): CapacityMirror {
  return { ...mirror, slots: Math.min(mirror.slotsTotal, mirror.slots + tasks) };
}

/** Tokens at `now`; infinite without a rate limit. */
export function tokensAt(mirror: CapacityMirror, now: number): number {
  if (mirror.rate === null) return Number.POSITIVE_INFINITY;
  const { burst, perSecond, tokens, at } = mirror.rate;
  const refilled = (Math.max(0, now - at) / 1000) * perSecond * TRUSTED_REFILL;
  return Math.min(burst, tokens + refilled);
}

/** When there will be `wanted` tokens, ms; null if never. */
export function whenTokens(mirror: CapacityMirror, wanted: number, now: number): number | null {
  const missing = wanted - tokensAt(mirror, now);
  if (missing <= 0) return now;
  if (mirror.rate === null || mirror.rate.perSecond <= 0 || wanted > mirror.rate.burst) return null;
  return now + Math.ceil((missing / (mirror.rate.perSecond * TRUSTED_REFILL)) * 1000) + 1;
}

function rateOf(capacity: Capacity, tokens: number, now: number): Rate {
  return {
    burst: capacity.burst,
    perSecond: capacity.perSecond,
    tokens: Math.min(tokens, capacity.burst),
    at: now,
  };
}
