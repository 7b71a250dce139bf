import { type Claim, COMMIT_GAP_MS, type Held } from "../../durable-objects/ledger/rpc.ts";

/**
 * Time between two calls to a shard: what comes meanwhile goes together. A little longer than a shard's time
 * between two commits, so that it commits what a call brings at once; short, since it is added to the answer.
 */
export const CALL_GAP_MS = COMMIT_GAP_MS + 5;

/** Claims of one call; far below what a call may carry. */
export const MAX_CLAIMS = 500;

/** Says what came of a claim. May be called while another request is served: it must not do I/O. */
export type Hear = (heard: Held | "silent") => void;

/** What the post needs of the outside. */
export interface PostWorld {
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Asks the shard; `silent` when it cannot be reached. */
  carry(claims: readonly Claim[]): Promise<readonly Held[] | "silent">;
  /** Lets work go on when the request that began it has been answered or has gone. */
  keepAlive(work: Promise<void>): void;
}

interface Batch {
  readonly claims: Claim[];
  readonly hears: Hear[];
}

/**
 * Carries the claims of all requests that an isolate serves to one shard, in few calls: what comes soon after
 * a call is collected for the next one, whether or not that was answered. A lone claim leaves at once. A call
 * costs both ends several times what a claim does (Nagle, RFC 896, did the same for small segments).
 */
export class ClaimPost {
  readonly #world: PostWorld;
  #open: Batch | null = null;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(world: PostWorld) {
    this.#world = world;
  }

  /** Sends a claim with the next call. */
  post(claim: Claim, hear: Hear): void {
    const batch = this.#open ?? this.#begin();
    batch.claims.push(claim);
    batch.hears.push(hear);
    if (batch.claims.length >= MAX_CLAIMS) this.#open = null;
  }

  /** The request that begins a batch also sends it, as its own call. */
  #begin(): Batch {
    const batch: Batch = { claims: [], hears: [] };
    this.#open = batch;
    this.#world.keepAlive(this.#send(batch));
    return batch;
  }

  async #send(batch: Batch): Promise<void> {
    const waitMs = this.#lastAt + CALL_GAP_MS - this.#world.now();
    // A clock that was set back must not hold the call up.
    if (waitMs > 0 && waitMs <= CALL_GAP_MS) await this.#world.sleep(waitMs);
    else await Promise.resolve();
    if (this.#open === batch) this.#open = null;
    this.#lastAt = this.#world.now();
    const answers = await this.#world.carry(batch.claims);
    batch.hears.forEach((hear, index) => {
      hear(answers === "silent" ? answers : (answers[index] ?? "silent"));
    });
  }
}
