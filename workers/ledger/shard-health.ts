import type { ShardName } from "../../durable-objects/ledger/rpc.ts";

/**
 * How long to wait for a shard that was silent a moment ago. Long beside an answer under load, so that one
 * that is back is heard; a shard that hangs costs each redemption no more than this.
 */
export const SUSPECT_TIMEOUT_MS = 100;

/** After so long one caller waits for a suspect as long as for any shard. */
export const SUSPICION_MS = 10_000;

/**
 * What one isolate remembers of shards that did not answer. It only shortens the wait: every redemption still
 * asks both shards and does what the rule says, which is right whenever a caller gives a shard up. Time is
 * passed in, ms.
 */
export class ShardHealth {
  readonly #suspectUntil = new Map<ShardName, number>();

  /** How long a caller that begins now waits for a shard, of which `usualMs` is the most. */
  patienceMs(shard: ShardName, now: number, usualMs: number): number {
    const until = this.#suspectUntil.get(shard);
    if (until === undefined) return usualMs;
    if (now < until) return Math.min(SUSPECT_TIMEOUT_MS, usualMs);
    // The others go on waiting shortly, while this one finds out.
    this.#suspectUntil.set(shard, now + SUSPICION_MS);
    return usualMs;
  }

  /** A shard said nothing to a caller that waited for so long; only the usual wait is held against it. */
  wasSilent(shard: ShardName, waitedMs: number, usualMs: number, now: number): void {
    if (waitedMs >= usualMs) this.#suspectUntil.set(shard, now + SUSPICION_MS);
  }

  /** A shard answered, in time or late: it is there. */
  hasAnswered(shard: ShardName): void {
    this.#suspectUntil.delete(shard);
  }
}
