import {
  CHALLENGE_LIFETIME_MS,
  type ChallengeAnswer,
  type Interaction,
  SEED_BYTES,
  type SliderSpec,
  sha256,
} from "@sluice/protocol";
import { encodeBase64url } from "../keys/base64url.ts";
import { encodeHex } from "../keys/bytes.ts";
import type { KeyRing, RandomBytes } from "../keys/index.ts";
import { type Challenge, sealChallenge } from "./challenge.ts";
import type { Work } from "./difficulty.ts";
import { MINIMUM_MS } from "./interaction.ts";

/** Names a challenge in the ledger: too many to be guessed, or to come twice. */
const ID_BYTES = 16;
const encoder = new TextEncoder();

/** For whom and what a challenge is: what stays the same when it is asked again, harder. */
export type Occasion = Pick<
  Challenge,
  "account" | "siteId" | "hostname" | "action" | "cdata" | "accessible"
> & {
  /** The id of the challenge that this one is asked in place of a pass for; null for the first. */
  readonly after: string | null;
};

/** What is asked. */
export interface Asked extends Work {
  readonly interaction: Interaction;
  readonly level: number;
  /** Where the slider's piece belongs; null without a slider. */
  readonly sliderX: number | null;
}

/** A new challenge; all that is random comes from `randomBytes`. */
export function newChallenge(
  occasion: Occasion,
  asked: Asked,
  now: number,
  randomBytes: RandomBytes,
): Challenge {
  const { account, siteId, hostname, action, cdata, accessible, after } = occasion;
  return {
    id: after === null ? encodeHex(randomBytes(ID_BYTES)) : idAfter(after),
    account,
    siteId,
    hostname,
    action,
    cdata,
    issuedAtMs: now,
    interaction: asked.interaction,
    seed: encodeBase64url(randomBytes(SEED_BYTES)),
    puzzles: asked.puzzles,
    bits: asked.bits,
    sliderX: asked.sliderX,
    level: asked.level,
    accessible,
  };
}

/**
 * The id of the challenge that comes after one. Always the same, so that a solution which is judged more than
 * once leads to challenges of one id, of which one can be passed.
 */
function idAfter(id: string): string {
  return encodeHex(sha256(encoder.encode(`after ${id}`)).subarray(0, ID_BYTES));
}

/** What the visitor is told of a challenge. What it will be judged by is in the seal alone. */
export async function presentChallenge(
  ring: KeyRing,
  challenge: Challenge,
  slider: SliderSpec | null,
  randomBytes: RandomBytes,
): Promise<ChallengeAnswer> {
  const { interaction, seed, puzzles, bits } = challenge;
  return {
    challenge: sealChallenge(ring, challenge, randomBytes),
    interaction,
    pow: { seed, puzzles, bits },
    slider,
    minimumMs: MINIMUM_MS[interaction],
    expiresInMs: CHALLENGE_LIFETIME_MS,
  };
}
