/** The WebSocket subprotocol of this version of the wire. */
export const SUBPROTOCOL = "sluice.v1";

/** Browsers cannot set headers on a WebSocket, so the token rides as a second subprotocol. */
export const TOKEN_SUBPROTOCOL_PREFIX = "sluice.token.";

/** Liveness texts, answered by the runtime without waking the object. */
export const PING = "ping";
export const PONG = "pong";
