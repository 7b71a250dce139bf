import type {
  Claim,
  Durability,
  LedgerNamespace,
  ShardName,
} from "../../durable-objects/ledger/rpc.ts";
import { askShard } from "./ask-shard.ts";
import { ClaimPost, type Hear, type PostWorld } from "./claim-post.ts";
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
  readonly keepAlive?: (work: Promise<unknown>) => void;
}

/** The ledger as one isolate sees it: the shards, the ring they stand on, and the patience with them. */
export class LedgerRing {
  readonly shards: LedgerNamespace;
  readonly plan: RingPlan;
  readonly timeoutMs: number;
  readonly health = new ShardHealth();
  readonly #posts: Readonly<Record<Durability, ClaimPost>>;

  constructor(shards: LedgerNamespace, options: LedgerRingOptions = {}) {
    this.shards = shards;
    this.plan = options.plan ?? RING_IN_FORCE;
    this.timeoutMs = options.timeoutMs ?? SHARD_TIMEOUT_MS;
    const keepAlive = options.keepAlive ?? (() => {});
    this.#posts = {
      durable: this.#createPost("durable", keepAlive),
      soon: this.#createPost("soon", keepAlive),
    };
  }

  /** Sends a claim to a shard, together with others; it is written as its durability says. */
  post(shard: ShardName, durability: Durability, claim: Claim, hear: Hear): void {
    this.#posts[durability].post(shard, claim, hear);
  }

  #createPost(durability: Durability, keepAlive: PostWorld["keepAlive"]): ClaimPost {
    return new ClaimPost({
      now: () => Date.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      carry: (name, claims) =>
        askShard(this.shards, name, (shard) => shard.claim(claims, durability)),
      keepAlive,
    });
  }
}

/** The ring in force, of the shards of a deployment. */
export function ledgerRing(shards: LedgerNamespace, options: LedgerRingOptions = {}): LedgerRing {
  return new LedgerRing(shards, options);
}
