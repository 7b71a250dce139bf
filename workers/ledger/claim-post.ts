import type { Claim, Held } from "../../durable-objects/ledger/rpc.ts";

/**
 * How long claims wait for the call before theirs. Longer than a near shard takes for its commit and answer,
 * so that its calls carry what came meanwhile; short, since it is added to the answer of a far one.
 */
export const TURN_MS = 25;

/** Claims of one call; far below what a call may carry. */
export const MAX_CLAIMS = 500;

/** Says what came of a claim. May be called while another request is served: it must not do I/O. */
export type Hear = (heard: Held | "silent") => void;

/** What the post needs of the outside. */
export interface PostWorld {
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
 * Carries the claims of all requests that an isolate serves to one shard, in few calls: while a call is under
 * way, what comes is collected for the next one. A lone claim leaves at once. A call costs both ends several
 * times what a claim does (Nagle, RFC 896, did the same for small segments).
 */
export class ClaimPost {
  readonly #world: PostWorld;
  #open: Batch | null = null;
  #underWay: Promise<void> | null = null;

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
    await this.#turn();
    if (this.#open === batch) this.#open = null;
    const done = Promise.withResolvers<void>();
    this.#underWay = done.promise;
    const answers = await this.#world.carry(batch.claims);
    batch.hears.forEach((hear, index) => {
      hear(answers === "silent" ? answers : (answers[index] ?? "silent"));
    });
    if (this.#underWay === done.promise) this.#underWay = null;
    done.resolve();
  }

  /** Waits for the call under way, but not for one that takes too long. */
  async #turn(): Promise<void> {
    if (this.#underWay === null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, TURN_MS);
    await Promise.race([this.#underWay, promise]);
    clearTimeout(timer);
  }
}
