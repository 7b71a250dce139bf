import type { LedgerRecord } from "../../../durable-objects/ledger/record.ts";
import {
  type AttemptId,
  RECORD_LIFETIME_MS,
  type RecordKey,
  type ShardName,
} from "../../../durable-objects/ledger/rpc.ts";
import { attemptId, recordKey } from "../../../workers/ledger/index.ts";

/** The n-th of keys that are as good as each other. */
export const keyOf = (n: number): RecordKey => recordKey("pass", `pass-of-a-test-${n}`);

export const A: AttemptId = attemptId("attempt-of-tests-a");
export const B: AttemptId = attemptId("attempt-of-tests-b");
export const PARTNER = "ledger-partner" as ShardName;

/** A record of attempt A that was made at time 0, with what a test changes. */
export const aRecord = (changes: Partial<LedgerRecord> = {}): LedgerRecord => ({
  attempt: A,
  solo: false,
  expiresAt: RECORD_LIFETIME_MS,
  owedTo: [],
  ...changes,
});
