import { RECORD_LIFETIME_MS, type RecordKey } from "../../durable-objects/ledger/rpc.ts";
import { type Placement, place, type Ring } from "./ring.ts";

/** The ring in force, and the one before it while records of that one may still count. */
export interface RingPlan {
  readonly ring: Ring;
  readonly previous: { readonly ring: Ring; readonly changedAtMs: number } | null;
}

/**
 * The pairs of shards that a redemption has to win, one after the other. Before a change that is announced
 * for later it is the old ring's pair. For one record lifetime after it, the old ring's and then the new
 * one's: the old pair knows what was used before, and only who has won there asks the new pair, which thereby
 * learns everything that is used meanwhile. After that the new ring's pair alone knows all that counts.
 * Everybody asks in the same order, so two attempts never win one pair each.
 */
export function pairsToAsk(plan: RingPlan, key: RecordKey, now: number): readonly Placement[] {
  const next = place(plan.ring, key);
  if (plan.previous === null) return [next];
  const { ring, changedAtMs } = plan.previous;
  if (now >= changedAtMs + RECORD_LIFETIME_MS) return [next];
  const before = place(ring, key);
  if (now < changedAtMs || isSamePair(before, next)) return [before];
  return [before, next];
}

function isSamePair(one: Placement, other: Placement): boolean {
  return one.owner === other.owner && one.successor === other.successor;
}
