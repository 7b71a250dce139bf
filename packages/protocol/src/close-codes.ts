/** Why the server ended a connection; what a client should do next follows from the code. */
export const CLOSE_CODES = {
  /** A frame that could not be understood. */
  protocol: 4400,
  /** The token is missing, forged or unknown. */
  unauthenticated: 4401,
  /** The client was revoked or deleted: do not come back. */
  revoked: 4403,
  /** No `hello` within its time. */
  noHello: 4408,
  /** A newer socket of the same client took over. */
  superseded: 4409,
  /** A frame over the size limit. */
  tooLarge: 4413,
  /** Too many frames or connections. */
  tooMany: 4429,
  /** The service asks to come back later. */
  comeBackLater: 4503,
} as const;

export type CloseReason = keyof typeof CLOSE_CODES;
export type CloseCode = (typeof CLOSE_CODES)[CloseReason];
