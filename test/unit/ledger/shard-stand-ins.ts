import { heldOf, type LedgerRecord, transition } from "../../../durable-objects/ledger/record.ts";
import type {
  AttemptId,
  Claim,
  Durability,
  Held,
  LedgerNamespace,
  LedgerRpc,
  RecordKey,
  ShardName,
} from "../../../durable-objects/ledger/rpc.ts";

export type Mood =
  | "well"
  | "hanging"
  | "refusing"
  | "refusing once"
  | "overloaded"
  | "mute"
  | "slow";

/** A shard in memory, with the real transitions, that fails as a test says. */
class Shard implements LedgerRpc {
  mood: Mood;
  calls = 0;
  /** Of each call that claims, in order. */
  readonly durabilities: Durability[] = [];
  readonly records = new Map<RecordKey, LedgerRecord | null>();
  readonly #slowMs: number;

  constructor(slowMs: number, mood: Mood) {
    this.#slowMs = slowMs;
    this.mood = mood;
  }

  async claim(claims: readonly Claim[], durability: Durability): Promise<Held[]> {
    this.durabilities.push(durability);
    this.calls += 1;
    const asked = claims.map(({ key, attempt }) => this.#say(key, { type: "claim", attempt }));
    return Promise.all(asked);
  }

  markSolo(key: RecordKey, attempt: AttemptId, partner: ShardName): Promise<Held> {
    return this.#answer(key, { type: "markSolo", attempt, partner });
  }

  settle(key: RecordKey, attempt: AttemptId): Promise<Held> {
    return this.#answer(key, { type: "settle", attempt });
  }

  async handOver(): Promise<void> {}

  async recallTrack(): Promise<boolean> {
    throw new Error("not asked in these tests");
  }

  async usage() {
    return { rowsWritten: 0, alarmsSet: 0, recordsMade: this.records.size };
  }

  #answer(key: RecordKey, event: Parameters<typeof transition>[1]): Promise<Held> {
    this.calls += 1;
    return this.#say(key, event);
  }

  async #say(key: RecordKey, event: Parameters<typeof transition>[1]): Promise<Held> {
    const mood = this.mood;
    if (mood === "hanging") return new Promise(() => {});
    if (mood === "refusing") throw new Error("refused");
    if (mood === "overloaded") throw Object.assign(new Error("refused"), { overloaded: true });
    if (mood === "refusing once") {
      this.mood = "well";
      throw new Error("refused");
    }
    const record = transition(this.records.get(key) ?? null, event, 0);
    this.records.set(key, record);
    if (mood === "mute") return new Promise(() => {});
    if (mood === "slow") await new Promise((resolve) => setTimeout(resolve, this.#slowMs));
    if (record === null) throw new Error("no record");
    return heldOf(record, 0);
  }
}

/** The shards of a test by name, made when they are first asked for. */
export class ShardStandIns implements LedgerNamespace {
  readonly #shards = new Map<ShardName, Shard>();
  readonly #slowMs: number;
  #mood: Mood = "well";

  /** `slowMs`: what a slow shard takes for an answer. */
  constructor(slowMs = 0) {
    this.#slowMs = slowMs;
  }

  getByName(name: ShardName): Shard {
    const shard = this.#shards.get(name) ?? new Shard(this.#slowMs, this.#mood);
    this.#shards.set(name, shard);
    return shard;
  }

  /** Puts every shard into a mood, also those that nobody has asked yet. */
  setMood(mood: Mood): void {
    this.#mood = mood;
    for (const shard of this.#shards.values()) shard.mood = mood;
  }
}
