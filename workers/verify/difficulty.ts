import type { SitePolicy } from "../../durable-objects/registry/rpc.ts";
import type { Pressure } from "./recent-traffic.ts";

/** Hashes that are expected of a visitor of whom nothing is known, by the site's policy. */
export const BASE_HASHES = { low: 2 ** 15, normal: 2 ** 17, high: 2 ** 19 } as const;
/** More than this is asked of nobody: some seconds of an old phone, about one of a laptop. */
export const MAX_HASHES = 2 ** 21;
/** In place of a picture. */
export const ACCESSIBLE_FACTOR = 4;
/** For each time that a visitor is asked again. */
export const LEVEL_FACTOR = 2;
/** Enough puzzles that the time they take together varies little: by a quarter of its mean. */
const MIN_PUZZLES = 16;

/** What decides how much work a challenge asks for. */
export interface Demand {
  readonly difficulty: SitePolicy["difficulty"];
  readonly accessible: boolean;
  /** How often the visitor was asked for something harder already. */
  readonly level: number;
  readonly pressure: Pressure;
}

export interface Work {
  readonly puzzles: number;
  /** Zero bits of each puzzle's hash. */
  readonly bits: number;
}

/** Hashes that a challenge's proof of work takes on average. */
export function expectedHashes({ difficulty, accessible, level, pressure }: Demand): number {
  const usual = BASE_HASHES[difficulty] * LEVEL_FACTOR ** level;
  const wanted = usual * (accessible ? ACCESSIBLE_FACTOR : 1) * pressure.network * pressure.site;
  return Math.min(MAX_HASHES, wanted);
}

/** The proof of work for a demand: 16 to 31 puzzles, and as many bits as bring them to the hashes wanted. */
export function workFor(demand: Demand): Work {
  // Whole hashes: a fraction below a power of two has that power's logarithm.
  const hashes = Math.round(expectedHashes(demand));
  const bits = Math.floor(Math.log2(hashes / MIN_PUZZLES));
  return { puzzles: Math.floor(hashes / 2 ** bits), bits };
}
