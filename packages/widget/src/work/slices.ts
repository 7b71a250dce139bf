import { type PowBlock, type PowSpec, VERIFY_LIMITS } from "@sluice/protocol";

/** What a search has come to. */
export interface Search {
  readonly nonces: readonly number[];
  /** Of the puzzle that is next, the nonce to go on from. */
  readonly from: number;
}

export const NEW_SEARCH: Search = { nonces: [], from: 0 };

/** How many puzzles of a proof are solved, and whether they are all. */
export function isComplete({ nonces }: Search, { puzzles }: PowSpec): boolean {
  return nonces.length >= puzzles;
}

/** Goes on with a search for at most `tries` nonces. Pure but for the block's own scratch space. */
export function searchOn(search: Search, spec: PowSpec, block: PowBlock, tries: number): Search {
  const { nonces, from } = search;
  const nonce = block.search(nonces.length, spec.bits, from, tries);
  return nonce === null ? { nonces, from: from + tries } : { nonces: [...nonces, nonce], from: 0 };
}

/** The 16 bytes of a seed in base64url. */
export function seedBytes({ seed }: Pick<PowSpec, "seed">): Uint8Array {
  const text = atob(seed.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Solved share of a proof, 0 to 1. */
export function progressOf({ nonces }: Search, { puzzles }: PowSpec): number {
  return Math.min(nonces.length, VERIFY_LIMITS.puzzles) / puzzles;
}
