/** What a shard does instead of its work. */
export type Fault = "well" | "refusing" | "hanging" | "restarting";

/** The call of the benchmark that redeems keys with the ledger as it runs, on shards that fail as it says. */
export interface RedeemCall {
  readonly names: readonly string[];
  /** The service's own time of the ring's change, ms; null: the ring does not change. */
  readonly growingSinceMs: number | null;
}

/** The two attempts at each key, in order: their verdicts and how long each took, ms. */
export interface RedeemAnswer {
  readonly verdicts: readonly (readonly [string, string])[];
  readonly ms: readonly number[];
}

/** Shards of the ring, before it grows and after. */
export const SHARDS = 8;
export const GROWN_SHARDS = 12;
