import {
  type Claim,
  COMMIT_GAP_MS,
  type Held,
  type ShardName,
} from "../../durable-objects/ledger/rpc.ts";

/**
 * Time between two rounds: what comes meanwhile goes together. A little longer than a shard's time between two
 * commits, so that it commits what a call brings at once; short, since it is added to the answer.
 */
export const ROUND_GAP_MS = COMMIT_GAP_MS + 5;

/** Claims of one call; far below what a call may carry. */
export const MAX_CLAIMS = 500;

/** Says what came of a claim. May be called while another request is served: it must not do I/O. */
export type Hear = (heard: Held | "silent") => void;

/** What the post needs of the outside. */
export interface PostWorld {
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Asks a shard; `silent` when it cannot be reached. */
  carry(shard: ShardName, claims: readonly Claim[]): Promise<readonly Held[] | "silent">;
  /** Lets work go on when the request that began it has been answered or has gone. */
  keepAlive(work: Promise<unknown>): void;
}

/** What one call brings to a shard. */
interface Batch {
  readonly claims: Claim[];
  readonly hears: Hear[];
}

type Round = Map<ShardName, Batch>;

/**
 * Carries the claims of all requests that an isolate serves to the shards in rounds: what comes soon after one
 * is collected for the next, whether or not that was answered, and each shard gets one call. A lone claim leaves
 * at once. A call costs both ends several times what a claim does (Nagle, RFC 896, did the same for small
 * segments); one round for all shards, because a request waits for the later one of its two.
 */
export class ClaimPost {
  readonly #world: PostWorld;
  #open: Round | null = null;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(world: PostWorld) {
    this.#world = world;
  }

  /** Sends a claim with the next round. */
  post(shard: ShardName, claim: Claim, hear: Hear): void {
    const round = this.#open ?? this.#begin();
    const batch = round.get(shard) ?? { claims: [], hears: [] };
    round.set(shard, batch);
    batch.claims.push(claim);
    batch.hears.push(hear);
    if (batch.claims.length >= MAX_CLAIMS) this.#open = null;
  }

  /** The request that begins a round also sends it, as its own calls. */
  #begin(): Round {
    const round: Round = new Map();
    this.#open = round;
    this.#world.keepAlive(this.#send(round));
    return round;
  }

  async #send(round: Round): Promise<unknown> {
    const waitMs = this.#lastAt + ROUND_GAP_MS - this.#world.now();
    // A clock that was set back must not hold the round up.
    if (waitMs > 0 && waitMs <= ROUND_GAP_MS) await this.#world.sleep(waitMs);
    else await Promise.resolve();
    if (this.#open === round) this.#open = null;
    this.#lastAt = this.#world.now();
    return Promise.all(Array.from(round, ([shard, batch]) => this.#carry(shard, batch)));
  }

  async #carry(shard: ShardName, { claims, hears }: Batch): Promise<void> {
    const answers = await this.#world.carry(shard, claims);
    hears.forEach((hear, index) => {
      hear(answers === "silent" ? answers : (answers[index] ?? "silent"));
    });
  }
}
