import type { Durability, LedgerNamespace, ShardName } from "../../durable-objects/ledger/rpc.ts";
import { askShard } from "./ask-shard.ts";
import { ClaimPost } from "./claim-post.ts";
import { RING_IN_FORCE } from "./ring-in-force.ts";
import type { RingPlan } from "./ring-plan.ts";
import { ShardHealth } from "./shard-health.ts";

/**
 * How long a shard may take for one answer. Long beside the longest way to a shard and its commit: a shard
 * that is only slow should not be taken for one that is gone.
 */
export const SHARD_TIMEOUT_MS = 1_000;

export interface LedgerRingOptions {
  readonly plan?: RingPlan;
  readonly timeoutMs?: number;
  /** Lets work go on when the request that began it is over, as the platform's `waitUntil` does. */
  readonly keepAlive?: (work: Promise<void>) => void;
}

/** The ledger as one isolate sees it: the shards, the ring they stand on, and the patience with them. */
export class LedgerRing {
  readonly shards: LedgerNamespace;
  readonly plan: RingPlan;
  readonly timeoutMs: number;
  readonly health = new ShardHealth();
  readonly #posts: Readonly<Record<Durability, Map<ShardName, ClaimPost>>> = {
    durable: new Map(),
    soon: new Map(),
  };
  readonly #keepAlive: (work: Promise<void>) => void;

  constructor(shards: LedgerNamespace, options: LedgerRingOptions = {}) {
    this.shards = shards;
    this.plan = options.plan ?? RING_IN_FORCE;
    this.timeoutMs = options.timeoutMs ?? SHARD_TIMEOUT_MS;
    this.#keepAlive = options.keepAlive ?? (() => {});
  }

  /** What carries claims of one durability to a shard. */
  post(name: ShardName, durability: Durability): Pick<ClaimPost, "post"> {
    const posts = this.#posts[durability];
    const known = posts.get(name);
    if (known !== undefined) return known;
    const post = new ClaimPost({
      now: () => Date.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      carry: (claims) => askShard(this.shards, name, (shard) => shard.claim(claims, durability)),
      keepAlive: this.#keepAlive,
    });
    posts.set(name, post);
    return post;
  }
}

/** The ring in force, of the shards of a deployment. */
export function ledgerRing(shards: LedgerNamespace, options: LedgerRingOptions = {}): LedgerRing {
  return new LedgerRing(shards, options);
}
