import type { AttemptId, Held } from "../../durable-objects/ledger/rpc.ts";

/** The two shards of a key, by what they are to it. */
export type Seat = "owner" | "successor";

/** What an attempt has heard from a shard: what it holds, nothing yet, or nothing in time. */
export type Heard = Held | "waiting" | "silent";

/** All that an attempt knows of its key. */
export interface Hearing {
  readonly owner: Heard;
  readonly successor: Heard;
}

/**
 * The end of a redemption. `unavailable` says that it is not known whether the key was used: the same
 * attempt may be made again.
 */
export type Verdict = "accepted" | "duplicate" | "unavailable";

export type Step =
  | { readonly do: "wait" }
  | { readonly do: "end"; readonly verdict: Verdict }
  /** Have the shard at this seat decide alone, because the other one is silent. */
  | { readonly do: "markSolo"; readonly seat: Seat }
  /** Have the successor take over what the owner holds, so that it never decides otherwise. */
  | { readonly do: "settle" };

/**
 * What an attempt does next, from what it has heard of owner and successor. The rule that keeps *once* true
 * while either shard is unreachable; docs/ledger.md says why each line is needed.
 */
export function decide(mine: AttemptId, { owner, successor }: Hearing): Step {
  if (owner === "waiting" || successor === "waiting") return { do: "wait" };
  if (owner === "silent") {
    return successor === "silent" ? end("unavailable") : decideAlone(mine, "successor", successor);
  }
  if (successor === "silent") return decideAlone(mine, "owner", owner);
  return decideTogether(mine, owner, successor);
}

function decideTogether(mine: AttemptId, owner: Held, successor: Held): Step {
  if (isSoloOfOther(mine, owner) || isSoloOfOther(mine, successor)) return end("duplicate");
  // The owner may have missed that the successor decided for this very attempt.
  if (successor.attempt === mine && successor.solo) return end("accepted");
  if (owner.attempt !== mine) return end("duplicate");
  if (successor.attempt === mine) return end("accepted");
  return mayHaveForgotten(owner, successor) ? end("duplicate") : { do: "settle" };
}

/** Whether the owner would not know, because it was restarted, that the successor's attempt came first. */
function mayHaveForgotten(owner: Held, successor: Held): boolean {
  return successor.claimedAt < owner.remembersFrom;
}

function decideAlone(mine: AttemptId, seat: Seat, held: Held): Step {
  if (held.attempt === mine) return held.solo ? end("accepted") : { do: "markSolo", seat };
  // What a silent owner holds is not known, unless the successor has decided; the owner's word is final.
  return end(held.solo || seat === "owner" ? "duplicate" : "unavailable");
}

function isSoloOfOther(mine: AttemptId, held: Held): boolean {
  return held.solo && held.attempt !== mine;
}

function end(verdict: Verdict): Step {
  return { do: "end", verdict };
}
