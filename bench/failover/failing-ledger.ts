import { Ledger as RealLedger } from "../../durable-objects/ledger/object.ts";
import type {
  AttemptId,
  Claim,
  Durability,
  HandedRecord,
  Held,
  RecordKey,
  ShardName,
} from "../../durable-objects/ledger/rpc.ts";
import type { Fault } from "./faults.ts";

/** The real shard, whose calls fail on demand before or after the shard has done its work. */
export class Ledger extends RealLedger {
  #fault: Fault = "well";

  /** Sets what is to go wrong with every later call. */
  async fail(fault: Fault): Promise<void> {
    this.#fault = fault;
  }

  override async claim(claims: readonly Claim[], durability: Durability) {
    return this.#failing(() => super.claim(claims, durability));
  }

  override async markSolo(key: RecordKey, attempt: AttemptId, partner: ShardName): Promise<Held> {
    return this.#failing(() => super.markSolo(key, attempt, partner));
  }

  override async settle(key: RecordKey, attempt: AttemptId): Promise<Held> {
    return this.#failing(() => super.settle(key, attempt));
  }

  override async handOver(records: readonly HandedRecord[]): Promise<void> {
    return this.#failing(() => super.handOver(records));
  }

  /** Half of the calls that hang or are cut off were carried out: their answer is what is lost. */
  async #failing<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const fault = this.#fault;
    if (fault === "well") return work();
    if (fault === "refusing") throw new Error("refused by the benchmark");
    if (Math.random() < 0.5) await work();
    if (fault === "hanging") return new Promise<never>(() => {});
    this.ctx.abort("restarted by the benchmark");
    throw new Error("restarted by the benchmark");
  }
}
