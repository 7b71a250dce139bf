import { type Capacity, DEFAULT_SLOTS, LIMITS } from "@sluice/protocol";

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
  /** The most slots that the client may have, held ones included; it bounds what is given back. */
  readonly slotsTotal: number;
  /**
   * The most slots that the client said were free at once, so the fewest that it can have. What it holds
   * is not added: an end that is on its way would be counted twice.
   */
  readonly mostFree: number;
}

interface Rate {
  readonly burst: number;
  readonly perSecond: number;
  readonly tokens: number;
  /** When `tokens` held, ms. */
  readonly at: number;
  /**
   * Frames that left and are not acknowledged. Each may yet reach a bucket that is full and gains nothing
   * meanwhile, so the tokens that they will take are not counted as refilled.
   */
  readonly inFlight: number;
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
    return {
      rate: null,
      slots: Math.max(0, DEFAULT_SLOTS - held),
      slotsTotal: DEFAULT_SLOTS,
      mostFree: DEFAULT_SLOTS,
    };
  }
  return {
    rate: rateOf(capacity, 0, now),
    slots: capacity.slots,
    slotsTotal: capacity.slots + held,
    mostFree: capacity.slots,
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
    rate: keepFraction(mirror, rateOf(capacity, unacknowledged.frames, now), now),
    slots: Math.max(0, capacity.slots - unacknowledged.tasks),
    slotsTotal: Math.max(mirror.slotsTotal, capacity.slots + held),
    mostFree: Math.max(mirror.mostFree, capacity.slots),
  };
}

/** One batch frame of `tasks` tasks leaves. */
export function spend(mirror: CapacityMirror, tasks: number, now: number): CapacityMirror {
  const rate = mirror.rate && {
    ...mirror.rate,
    tokens: Math.max(0, tokensAt(mirror, now) - 1),
    at: now,
    inFlight: mirror.rate.inFlight + 1,
  };
  return { ...mirror, rate, slots: Math.max(0, mirror.slots - tasks) };
}

/** The client acknowledged without a word of its capacity: only `inFlight` frames are still on their way. */
export function arriveFrames(
  mirror: CapacityMirror,
  inFlight: number,
  now: number,
): CapacityMirror {
  const rate = mirror.rate && { ...mirror.rate, tokens: tokensAt(mirror, now), at: now, inFlight };
  return { ...mirror, rate };
}

/** Deliveries ended and the client did not say its capacity with it. */
export function release(mirror: CapacityMirror, tasks: number): CapacityMirror {
  return { ...mirror, slots: Math.min(mirror.slotsTotal, mirror.slots + tasks) };
}

/** Tokens at `now`; infinite without a rate limit. */
export function tokensAt(mirror: CapacityMirror, now: number): number {
  if (mirror.rate === null) return Number.POSITIVE_INFINITY;
  const { perSecond, tokens, at } = mirror.rate;
  const refilled = (Math.max(0, now - at) / 1000) * perSecond * TRUSTED_REFILL;
  return Math.min(mostTokens(mirror.rate), tokens + refilled);
}

/** When there will be `wanted` tokens, ms; null if never, or not before an acknowledgement. */
export function whenTokens(mirror: CapacityMirror, wanted: number, now: number): number | null {
  const missing = wanted - tokensAt(mirror, now);
  if (missing <= 0) return now;
  const { rate } = mirror;
  if (rate === null || rate.perSecond <= 0 || wanted > mostTokens(rate)) return null;
  return now + Math.ceil((missing / (rate.perSecond * TRUSTED_REFILL)) * 1000) + 1;
}

/** What a full bucket holds, less what is on its way to take from it. */
function mostTokens(rate: Rate): number {
  return Math.max(0, rate.burst - rate.inFlight);
}

/**
 * A client that counts in whole tokens says two where it has two and a half. The picture kept the
 * fraction, so where it agrees with what was said it stays: else every word would set the refill back.
 */
function keepFraction(mirror: CapacityMirror, said: Rate | null, now: number): Rate | null {
  if (said === null) return null;
  const kept = tokensAt(mirror, now);
  const agrees = Number.isInteger(said.tokens) && kept > said.tokens && kept < said.tokens + 1;
  return agrees ? { ...said, tokens: Math.min(kept, mostTokens(said)) } : said;
}

/** A client without a limiter that has slots to tell says `unlimitedRate`, and is taken at its word. */
function rateOf(capacity: Capacity, inFlight: number, now: number): Rate | null {
  const { unlimitedRate } = LIMITS;
  if (capacity.burst >= unlimitedRate && capacity.perSecond >= unlimitedRate) return null;
  return {
    burst: capacity.burst,
    perSecond: capacity.perSecond,
    tokens: Math.max(0, Math.min(capacity.tokens, capacity.burst) - inFlight),
    at: now,
    inFlight,
  };
}
