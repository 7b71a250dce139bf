import {
  CHALLENGE_LIFETIME_MS,
  isProofOfWork,
  type RefuseReason,
  type SolveRequest,
} from "@sluice/protocol";
import { decodeBase64url } from "../keys/base64url.ts";
import type { Challenge } from "./challenge.ts";
import { MINIMUM_MS } from "./interaction.ts";

/**
 * Why a solution fails before anything is asked of anyone; null when it does not. The terms are those in the
 * seal, never those that the visitor sends along; the time is that of this clock. `hostname` is of the page
 * that sends the solution.
 */
export function failedPrecondition(
  challenge: Challenge,
  { pow }: Pick<SolveRequest, "pow">,
  hostname: string | null,
  now: number,
): RefuseReason | null {
  const age = now - challenge.issuedAtMs;
  if (age >= CHALLENGE_LIFETIME_MS) return "expired";
  if (hostname !== challenge.hostname) return "hostname";
  if (!isWorkDone(challenge, pow)) return "work";
  return age < MINIMUM_MS[challenge.interaction] ? "too_early" : null;
}

function isWorkDone({ seed, puzzles, bits }: Challenge, nonces: readonly number[]): boolean {
  const bytes = decodeBase64url(seed);
  return bytes !== null && isProofOfWork(bytes, puzzles, bits, nonces);
}
