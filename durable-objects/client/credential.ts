import { CLOSE_CODES } from "@sluice/protocol";
import type { ConnectionFault } from "./connection.ts";
import type { TokenRotation } from "./rpc.ts";
import type { Identity } from "./storage.ts";

const UNKNOWN_TOKEN = { closeCode: CLOSE_CODES.unauthenticated, detail: "unknown token" };
/** What whoever connects is told of a client that is no more. */
export const REVOKED = { closeCode: CLOSE_CODES.revoked, detail: "revoked" };
export const EXPIRED = { closeCode: CLOSE_CODES.unauthenticated, detail: "expired" };

/** What of a client's identity says which tokens open it. Only hashes (SHA-256, hex) are ever here. */
export type Credential = Pick<Identity, "tokenHash" | "oldToken">;

/** Whether a client's time is over. */
export function isExpired({ expiresAt }: Pick<Identity, "expiresAt">, now: number): boolean {
  return expiresAt !== null && now >= expiresAt;
}

/** Whether a token with this hash opens the client now. Its time does not tell which one it was, if any. */
export function isOpenedBy(
  { tokenHash, oldToken }: Credential,
  hash: string,
  now: number,
): boolean {
  const isNewest = isEqual(tokenHash, hash);
  const isOld = isEqual(oldToken?.hash ?? tokenHash, hash);
  return isNewest || (isOld && oldToken !== null && now < oldToken.untilMs);
}

/** Why whoever shows a token with this hash may not connect as the client (null: there is none); null: it may. */
export function refusalOf(
  identity: Identity | null,
  tokenHash: string | null,
  now: number,
): ConnectionFault | null {
  if (identity === null || tokenHash === null || !isOpenedBy(identity, tokenHash, now)) {
    return UNKNOWN_TOKEN;
  }
  if (isExpired(identity, now)) return EXPIRED;
  return identity.deletedAt !== null || identity.revokedAt !== null ? REVOKED : null;
}

/**
 * Puts a new token in place of the newest, which goes on opening for the overlap. At most two are ever
 * valid: rotating again within an overlap ends the older one at once.
 */
export function rotateToken<Rotated extends Credential>(
  credential: Rotated,
  { tokenHash, overlapSeconds }: TokenRotation,
  now: number,
): Rotated {
  const untilMs = now + overlapSeconds * 1000;
  const oldToken = overlapSeconds > 0 ? { hash: credential.tokenHash, untilMs } : null;
  return { ...credential, tokenHash, oldToken };
}

function isEqual(expected: string, presented: string): boolean {
  if (expected.length !== presented.length) return false;
  let difference = 0;
  for (let index = 0; index < expected.length; index += 1) {
    difference |= expected.charCodeAt(index) ^ presented.charCodeAt(index);
  }
  return difference === 0;
}
