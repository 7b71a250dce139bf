import { type AccountId, type Interaction, parseJson } from "@sluice/protocol";
import type { KeyRing, RandomBytes } from "../keys/index.ts";
import { seal, unseal } from "./seal.ts";

/**
 * A challenge as it travels, sealed, to the visitor and back: all that the solution will be judged by, so
 * that nothing of it is stored. A change of its form needs a new {@link FORM}; older ones end as expired.
 */
export interface Challenge {
  /** 16 random bytes, hex: names the challenge, and its pass, in the ledger. */
  readonly id: string;
  readonly account: AccountId;
  /** The site's key id, base32. */
  readonly siteId: string;
  /** The page's hostname, as the browser named its origin. */
  readonly hostname: string;
  readonly action: string | null;
  readonly cdata: string | null;
  readonly issuedAtMs: number;
  readonly interaction: Interaction;
  /** The seed of the proof of work, base64url. */
  readonly seed: string;
  readonly puzzles: number;
  readonly bits: number;
  /** Where the slider's piece belongs, in pixels of the picture; null without a slider. */
  readonly sliderX: number | null;
  /** How often the visitor was asked for something harder already. */
  readonly level: number;
  /** Asked for without a picture: more work in its place. */
  readonly accessible: boolean;
}

const FORM = 1;
const MAX_DEPTH = 2;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The text that a visitor is given. */
export function sealChallenge(
  ring: KeyRing,
  challenge: Challenge,
  randomBytes: RandomBytes,
): string {
  const plain = encoder.encode(JSON.stringify({ v: FORM, ...challenge }));
  return seal(ring, "challenge", plain, randomBytes);
}

/** The challenge of a text; null when this deployment did not seal it, or in another form. */
export function openChallenge(ring: KeyRing, text: string): Challenge | null {
  const plain = unseal(ring, "challenge", text);
  return plain === null ? null : readSealed<Challenge>(plain, FORM);
}

/** Reads what this deployment sealed itself: the seal vouches for all of it, the form says which it is. */
export function readSealed<Content>(plain: Uint8Array, form: number): Content | null {
  const parsed = parseJson(decoder.decode(plain), MAX_DEPTH);
  if (!parsed.ok) return null;
  const { v, ...content } = parsed.value as { readonly v?: unknown };
  return v === form ? (content as Content) : null;
}
