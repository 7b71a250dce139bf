import type {
  AttemptId,
  Held,
  LedgerNamespace,
  LedgerRpc,
  RecordKey,
} from "../../durable-objects/ledger/rpc.ts";
import { durabilityOf } from "./record-key.ts";
import { decide, type Heard, type Hearing, type Seat, type Verdict } from "./redemption.ts";
import type { Placement } from "./ring.ts";
import { RING_IN_FORCE } from "./ring-in-force.ts";
import { pairsToAsk, type RingPlan } from "./ring-plan.ts";

/**
 * How long a shard may take for one answer. Long beside the longest way to a shard and its commit: a shard
 * that is only slow should not be taken for one that is gone.
 */
export const SHARD_TIMEOUT_MS = 1_000;

/** The shards, the ring they stand on, and the patience with them. */
export interface LedgerRing {
  readonly shards: LedgerNamespace;
  readonly plan: RingPlan;
  readonly timeoutMs: number;
}

/** The ring in force, of the shards of a deployment. */
export function ledgerRing(shards: LedgerNamespace): LedgerRing {
  return { shards, plan: RING_IN_FORCE, timeoutMs: SHARD_TIMEOUT_MS };
}

/**
 * Uses a key once. Never throws for a shard that fails: two shards that do not answer are `unavailable`, and
 * the same attempt may then be made again. Calls with the same attempt get the same answer.
 */
export async function redeem(
  { shards, plan, timeoutMs }: LedgerRing,
  key: RecordKey,
  attempt: AttemptId,
  now: number,
): Promise<Verdict> {
  for (const placement of pairsToAsk(plan, key, now)) {
    const verdict = await new PairRedemption(shards, placement, key, attempt, timeoutMs).run();
    if (verdict !== "accepted") return verdict;
  }
  return "accepted";
}

type ShardCall = (shard: LedgerRpc) => Promise<Held>;

/** One redemption at one pair of shards: asks, listens, and does what {@link decide} says. */
class PairRedemption {
  readonly #shards: LedgerNamespace;
  readonly #placement: Placement;
  readonly #key: RecordKey;
  readonly #attempt: AttemptId;
  readonly #timeoutMs: number;
  readonly #verdict = Promise.withResolvers<Verdict>();
  #hearing: Hearing = { owner: "waiting", successor: "waiting" };
  #ended = false;

  constructor(
    shards: LedgerNamespace,
    placement: Placement,
    key: RecordKey,
    attempt: AttemptId,
    timeoutMs: number,
  ) {
    this.#shards = shards;
    this.#placement = placement;
    this.#key = key;
    this.#attempt = attempt;
    this.#timeoutMs = timeoutMs;
  }

  run(): Promise<Verdict> {
    const durability = durabilityOf(this.#key);
    for (const seat of ["owner", "successor"] as const) {
      this.#ask(seat, (shard) => shard.claim(this.#key, this.#attempt, durability));
    }
    return this.#verdict.promise;
  }

  /** An answer that comes after its time still counts, as long as nothing is decided. */
  #ask(seat: Seat, call: ShardCall): void {
    this.#hearing = { ...this.#hearing, [seat]: "waiting" };
    const timer = setTimeout(() => this.#hear(seat, "silent"), this.#timeoutMs);
    void this.#callTwice(seat, call).then((heard) => {
      clearTimeout(timer);
      this.#hear(seat, heard);
    });
  }

  /** Every call can be repeated, so one that failed on the way is, on a fresh stub. */
  async #callTwice(seat: Seat, call: ShardCall): Promise<Held | "silent"> {
    try {
      return await call(this.#shards.getByName(this.#placement[seat]));
    } catch (error) {
      if (isOverloaded(error)) return "silent";
    }
    try {
      return await call(this.#shards.getByName(this.#placement[seat]));
    } catch {
      return "silent";
    }
  }

  #hear(seat: Seat, heard: Heard): void {
    if (this.#ended) return;
    this.#hearing = { ...this.#hearing, [seat]: heard };
    const step = decide(this.#attempt, this.#hearing);
    switch (step.do) {
      case "wait":
        return;
      case "end":
        this.#ended = true;
        this.#verdict.resolve(step.verdict);
        return;
      case "markSolo":
        this.#markSolo(step.seat);
        return;
      case "settle":
        this.#ask("successor", (shard) => shard.settle(this.#key, this.#attempt));
        return;
    }
  }

  #markSolo(seat: Seat): void {
    const partner = this.#placement[seat === "owner" ? "successor" : "owner"];
    this.#ask(seat, (shard) => shard.markSolo(this.#key, this.#attempt, partner));
  }
}

/** The platform's mark of an object that must not be asked again now. */
function isOverloaded(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, "overloaded") === true;
}
