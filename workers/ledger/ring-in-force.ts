import { buildRing } from "./ring.ts";
import type { RingPlan } from "./ring-plan.ts";

/**
 * Shards of the ring. Each takes some hundred calls a second that write, and every isolate that is busy makes a
 * call to each in every round: few shards cost less, many carry more. docs/ledger.md says how to change it.
 */
export const LEDGER_SHARDS = 4;

/** The ring that this version of the service uses. */
export const RING_IN_FORCE: RingPlan = { ring: buildRing(LEDGER_SHARDS), previous: null };
