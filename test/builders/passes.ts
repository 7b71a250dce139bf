import type { AccountId } from "@sluice/protocol";
import type { Challenge } from "../../workers/verify/challenge.ts";
import type { Pass } from "../../workers/verify/pass.ts";

/** A challenge with no interaction and a proof of work that a test solves in no time. */
export function aChallenge(fields: Partial<Challenge> = {}): Challenge {
  return {
    id: "0123456789abcdef0123456789abcdef",
    account: "ac_0000000000000" as AccountId,
    siteId: "06h0ctqeryyj3n3chyas",
    hostname: "www.example.com",
    action: null,
    cdata: null,
    issuedAtMs: Date.UTC(2026, 10, 23),
    interaction: "none",
    seed: "AAECAwQFBgcICQoLDA0ODw",
    puzzles: 2,
    bits: 4,
    sliderX: null,
    level: 0,
    accessible: false,
    ...fields,
  };
}

/** A pass of that challenge, solved a second after it was issued. */
export function aPass(fields: Partial<Pass> = {}): Pass {
  const { id, account, siteId, hostname, action, cdata, interaction, issuedAtMs } = aChallenge();
  return {
    id,
    account,
    siteId,
    hostname,
    action,
    cdata,
    score: 0.9,
    reasons: [],
    interaction,
    loadedAtMs: issuedAtMs,
    solvedAtMs: issuedAtMs + 1_000,
    ...fields,
  };
}
