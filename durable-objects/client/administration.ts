import { CLOSE_CODES, type ClientView, fail, ok, type Result } from "@sluice/protocol";
import { rotateToken } from "./credential.ts";
import type { ClientPatch, Refusal, TokenRotation } from "./rpc.ts";
import type { Session } from "./session.ts";

const REVOKED: Refusal = { code: "conflict", detail: "the client is revoked; enrol it anew" };

/** Changes what an operator may change of a client; a pause counts at once. */
export function updateClient(
  session: Session,
  patch: ClientPatch,
  now: number,
): Result<ClientView, Refusal> {
  session.save({ ...session.identity, ...patch });
  if (patch.paused !== undefined) session.dispatch.setPaused(patch.paused, now);
  return session.view(now);
}

/**
 * Puts a new token in place of the old one, and says until when that still opens. Where it opens no longer,
 * what it opened is ended. A client that is revoked gets none.
 */
export function rotateClientToken(
  session: Session,
  rotation: TokenRotation,
  now: number,
): Result<{ readonly oldTokenUntil: string | null }, Refusal> {
  if (session.identity.revokedAt !== null) return fail(REVOKED);
  const rotated = rotateToken(session.identity, rotation, now);
  session.save(rotated);
  const until = rotated.oldToken?.untilMs ?? null;
  if (until === null) session.endAll(CLOSE_CODES.unauthenticated, "token replaced", now);
  return ok({ oldTokenUntil: until === null ? null : new Date(until).toISOString() });
}

/** Ends every connection of a client and refuses all that come after; doing it again changes nothing. */
export function revokeClient(session: Session, now: number): Result<ClientView, Refusal> {
  const { identity } = session;
  if (identity.revokedAt === null) session.save({ ...identity, revokedAt: now });
  session.endAll(CLOSE_CODES.revoked, "revoked", now);
  return session.view(now);
}
