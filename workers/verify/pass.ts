import { type AccountId, fail, type Interaction, ok, type Result } from "@sluice/protocol";
import type { KeyRing, RandomBytes } from "../keys/index.ts";
import { readSealed } from "./challenge.ts";
import { seal, unseal } from "./seal.ts";

/** What a visitor receives for a solution, sealed, and what the site's server learns by redeeming it. */
export interface Pass {
  /** That of its challenge: one challenge can be passed once, whatever happens to the memory of attempts. */
  readonly id: string;
  readonly account: AccountId;
  /** The site's key id, base32. */
  readonly siteId: string;
  readonly hostname: string;
  readonly action: string | null;
  readonly cdata: string | null;
  /** From 0 (script) to 1 (person). */
  readonly score: number;
  /** Why the score is not higher, in the words of the score. */
  readonly reasons: readonly string[];
  readonly interaction: Interaction;
  /** When the challenge was issued. */
  readonly loadedAtMs: number;
  readonly solvedAtMs: number;
}

/** Of the form of a sealed pass; another one is forged. */
const FORM = 1;
const encoder = new TextEncoder();

/** The text of a pass. At most 2,048 characters: every part of it is bounded where it comes in. */
export function mintPass(ring: KeyRing, pass: Pass, randomBytes: RandomBytes): string {
  return seal(ring, "pass", encoder.encode(JSON.stringify({ v: FORM, ...pass })), randomBytes);
}

/** The pass of a text, by arithmetic alone. Says nothing of whether it has expired or was redeemed. */
export function openPass(ring: KeyRing, text: string): Result<Pass, "forged"> {
  const plain = unseal(ring, "pass", text);
  const pass = plain === null ? null : readSealed<Pass>(plain, FORM);
  return pass === null ? fail("forged") : ok(pass);
}
