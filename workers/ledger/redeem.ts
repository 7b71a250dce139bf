import type {
  AttemptId,
  Durability,
  Held,
  LedgerRpc,
  RecordKey,
} from "../../durable-objects/ledger/rpc.ts";
import { askShard } from "./ask-shard.ts";
import type { LedgerRing } from "./ledger-ring.ts";
import { durabilityOf } from "./record-key.ts";
import { decide, type Heard, type Hearing, type Seat, type Verdict } from "./redemption.ts";
import type { Placement } from "./ring.ts";
import { pairsToAsk } from "./ring-plan.ts";

/**
 * Uses a key once. Never throws for a shard that fails: two shards that do not answer are `unavailable`, and
 * the same attempt may then be made again. Calls with the same attempt get the same answer.
 */
export async function redeem(
  ring: LedgerRing,
  key: RecordKey,
  attempt: AttemptId,
  now: number,
): Promise<Verdict> {
  for (const placement of pairsToAsk(ring.plan, key, now)) {
    const verdict = await new PairRedemption(ring, placement, key, attempt, now).run();
    if (verdict !== "accepted") return verdict;
  }
  return "accepted";
}

const SEATS = ["owner", "successor"] as const;

/**
 * One redemption at one pair of shards: asks, listens, and does what {@link decide} says. It is woken once
 * something is to be done: what it hears of its claims comes while other requests are served, where it may
 * only take note.
 */
class PairRedemption {
  readonly #ring: LedgerRing;
  readonly #placement: Placement;
  readonly #key: RecordKey;
  readonly #attempt: AttemptId;
  readonly #now: number;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #hearing: Hearing = { owner: "waiting", successor: "waiting" };
  #woken = Promise.withResolvers<void>();

  constructor(
    ring: LedgerRing,
    placement: Placement,
    key: RecordKey,
    attempt: AttemptId,
    now: number,
  ) {
    this.#ring = ring;
    this.#placement = placement;
    this.#key = key;
    this.#attempt = attempt;
    this.#now = now;
  }

  async run(): Promise<Verdict> {
    const durability = durabilityOf(this.#key);
    for (const seat of SEATS) this.#claim(seat, durability);
    this.#startTimers(SEATS);
    for (;;) {
      const step = decide(this.#attempt, this.#hearing);
      switch (step.do) {
        case "wait":
          await this.#woken.promise;
          this.#woken = Promise.withResolvers();
          break;
        case "end":
          return step.verdict;
        case "markSolo":
          this.#markSolo(step.seat);
          break;
        case "settle":
          this.#ask("successor", (shard) => shard.settle(this.#key, this.#attempt));
          break;
      }
    }
  }

  #claim(seat: Seat, durability: Durability): void {
    const claim = { key: this.#key, attempt: this.#attempt };
    const hear = (heard: Heard) => this.#hear(seat, heard);
    this.#ring.post(this.#placement[seat], durability, claim, hear);
  }

  #markSolo(seat: Seat): void {
    const partner = this.#placement[seat === "owner" ? "successor" : "owner"];
    this.#ask(seat, (shard) => shard.markSolo(this.#key, this.#attempt, partner));
  }

  #ask(seat: Seat, call: (shard: LedgerRpc) => Promise<Held>): void {
    this.#stopTimers();
    this.#hearing = { ...this.#hearing, [seat]: "waiting" };
    this.#startTimers([seat]);
    const answer = askShard(this.#ring.shards, this.#placement[seat], call);
    void answer.then((heard) => this.#hear(seat, heard));
  }

  /**
   * One timer for both where the patience with them is the same, as it is with shards that answer. Without a
   * timer of its own the runtime would end a request that waits for what another one asks, as one that hangs.
   */
  #startTimers(seats: readonly Seat[]): void {
    const { health, timeoutMs } = this.#ring;
    const patienceMs = (seat: Seat) =>
      health.patienceMs(this.#placement[seat], this.#now, timeoutMs);
    for (const [waitMs, alike] of Map.groupBy(seats, patienceMs)) {
      const giveUp = () => {
        for (const seat of alike) this.#giveUp(seat, waitMs);
      };
      this.#timers.push(setTimeout(giveUp, waitMs));
    }
  }

  #giveUp(seat: Seat, waitedMs: number): void {
    if (this.#hearing[seat] !== "waiting") return;
    const { health, timeoutMs } = this.#ring;
    health.wasSilent(this.#placement[seat], waitedMs, timeoutMs, this.#now + waitedMs);
    this.#hear(seat, "silent");
  }

  /** Before new ones are started; those of a redemption that has ended go with its request. */
  #stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }

  /** An answer that comes after its time still counts, as long as nothing is decided. */
  #hear(seat: Seat, heard: Heard): void {
    if (typeof heard !== "string") this.#ring.health.hasAnswered(this.#placement[seat]);
    this.#hearing = { ...this.#hearing, [seat]: heard };
    if (decide(this.#attempt, this.#hearing).do !== "wait") this.#woken.resolve();
  }
}
