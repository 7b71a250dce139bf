/** The caller's side of the ledger: where a key is kept, and how it is used once. */
export { attemptId, type Purpose, recordKey } from "./record-key.ts";
export { type LedgerRing, ledgerRing, redeem, SHARD_TIMEOUT_MS } from "./redeem.ts";
export type { Verdict } from "./redemption.ts";
