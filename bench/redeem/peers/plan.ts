/** The verifiers that are measured beside, by the name of their package. */
export const PEERS = ["@cap.js/server", "altcha-lib"] as const;
export type PeerName = (typeof PEERS)[number];

/** What a peer's process tells when it is ready: where it listens, and tokens that it will accept once. */
export interface PeerReady {
  readonly origin: string;
  readonly tokens: readonly string[];
}

/** A verifier with tokens of its own that are good once. */
export interface Peer {
  readonly tokens: readonly string[];
  redeem(token: string): Promise<boolean>;
}
