import { MAX_ID_CHARACTERS } from "./ids.ts";
import { SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from "./version.ts";

/** What a `Sec-WebSocket-Protocol` header settled. */
export interface Negotiated {
  /** The version to answer with. */
  readonly subprotocol: typeof SUBPROTOCOL;
  /** The client token, where it rode along; not checked. */
  readonly token: string | null;
}

/** Subprotocols that are looked at; a browser of ours offers two. */
const MAX_OFFERED = 8;

/**
 * Reads the subprotocols a client offers (RFC 6455, 4.2.1): the version it speaks, and, from browsers,
 * its token. Null when no version of ours is offered.
 */
export function negotiateSubprotocol(offered: string | null): Negotiated | null {
  if (offered === null) return null;
  const names = offered.split(",", MAX_OFFERED).map((name) => name.trim());
  if (!names.includes(SUBPROTOCOL)) return null;
  const bearer = names.find((name) => name.startsWith(TOKEN_SUBPROTOCOL_PREFIX));
  const token = bearer?.slice(TOKEN_SUBPROTOCOL_PREFIX.length) ?? "";
  return {
    subprotocol: SUBPROTOCOL,
    token: token === "" || token.length > MAX_ID_CHARACTERS ? null : token,
  };
}
