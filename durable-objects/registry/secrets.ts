import type { ListedKind } from "./entries.ts";
import type { SecretHash } from "./records.ts";

/**
 * How long the secret that was replaced still opens, when the call does not say. Sites get two hours, as
 * with Turnstile; a key sits in more places than one server's settings and gets a day.
 */
export const OVERLAP_SECONDS: { readonly [Kind in ListedKind]: number } = {
  operator: 24 * 3600,
  enrolment: 24 * 3600,
  site: 2 * 3600,
};

/** The longest that two secrets are ever valid side by side. */
export const MAX_OVERLAP_SECONDS = 30 * 24 * 3600;

/** What the front tells of a secret that it has minted. */
export interface NewSecret {
  /** SHA-256 of the key that was shown, hex; of a site, that of its secret. */
  readonly secretHash: string;
  /** Of a site's secret alone, see {@link SecretHash}. */
  readonly signing?: string;
}

/** The one secret of something new. */
export function firstSecret({ secretHash: hash, signing }: NewSecret): readonly SecretHash[] {
  return [{ hash, untilMs: null, ...(signing !== undefined && { signing }) }];
}

/**
 * Puts a new secret in place of the newest, which goes on opening for the overlap. At most two are ever
 * valid: rotating again within an overlap ends the older one at once. An overlap of 0 ends the old one now.
 */
export function rotateSecrets(
  secrets: readonly SecretHash[],
  secret: NewSecret,
  overlapMs: number,
  now: number,
): readonly SecretHash[] {
  const newest = secrets.find((secret) => secret.untilMs === null);
  const next = firstSecret(secret);
  return newest === undefined || overlapMs <= 0
    ? next
    : [...next, { ...newest, untilMs: now + overlapMs }];
}
