/** The caller's side of the ledger: where a key is kept, and how it is used once. */
export { type LedgerRing, ledgerRing } from "./ledger-ring.ts";
export { attemptId, type Purpose, recordKey } from "./record-key.ts";
export { redeem } from "./redeem.ts";
export type { Verdict } from "./redemption.ts";
