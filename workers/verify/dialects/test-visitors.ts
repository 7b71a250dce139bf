import {
  type ChallengeAnswer,
  PASS_LIFETIME_MS,
  SEED_BYTES,
  type SolveAnswer,
} from "@sluice/protocol";
import { encodeBase64url } from "../../keys/base64url.ts";
import { testSite } from "./test-keys.ts";

/** A challenge of a test sitekey is not sealed, for it guards nothing: this, and the sitekey. */
const PREFIX = "sc_test_";
const TEST_PASS_ID = "0".repeat(32);
/** Work that takes no time, so that a page under test solves as any other does. */
const NO_WORK = { seed: encodeBase64url(new Uint8Array(SEED_BYTES)), puzzles: 1, bits: 1 };

/**
 * What a visitor of a page with a vendor's test sitekey is answered in place of a challenge: the verdict that
 * the sitekey stands for, or a challenge that takes no work. Null for every other sitekey.
 */
export function challengeTestVisitor(
  sitekey: string,
  now: number,
): ChallengeAnswer | SolveAnswer | null {
  const site = testSite(sitekey);
  if (site === null) return null;
  return site.interaction === null
    ? verdictOf(site.pass, now)
    : {
        challenge: PREFIX + sitekey,
        interaction: site.interaction,
        pow: NO_WORK,
        slider: null,
        minimumMs: 0,
        expiresInMs: PASS_LIFETIME_MS,
      };
}

/** What the solution of such a challenge is answered; null for every other challenge. */
export function answerTestVisitor(challenge: string, now: number): SolveAnswer | null {
  const site = challenge.startsWith(PREFIX) ? testSite(challenge.slice(PREFIX.length)) : null;
  return site === null ? null : verdictOf(site.pass, now);
}

function verdictOf(pass: string | null, now: number): SolveAnswer {
  if (pass === null) return { verdict: "refuse", reason: "score" };
  return {
    verdict: "pass",
    pass,
    id: TEST_PASS_ID,
    solvedAt: Math.floor(now / 1000),
    expiresInMs: PASS_LIFETIME_MS,
  };
}
