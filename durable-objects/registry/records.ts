import type { AccountId } from "@sluice/protocol";

/** Version of the records' form. A reader that does not know a form must not guess. */
export const RECORD_FORM = 1;

/** What an operator key may do, most first. */
export const KEY_ROLES = ["admin", "operator", "viewer"] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** What a visitor is asked for: a proof of work alone, a click and a slider when in doubt, or always a slider. */
export const SITE_MODES = ["invisible", "managed", "slider"] as const;
export type SiteMode = (typeof SITE_MODES)[number];

export const DIFFICULTIES = ["low", "normal", "high"] as const;

/** The rest of what a site's owner decides. */
export interface SitePolicy {
  /** From where the proof of work's difficulty starts. */
  readonly difficulty: (typeof DIFFICULTIES)[number];
  /** Whether a pass may be exchanged for a short-lived client token. */
  readonly enrols: boolean;
}

/** What an account may use, with what it gets when nothing is said and the most that can be given. */
export const ACCOUNT_LIMITS = {
  requestsPerMinute: { usual: 60_000, most: 10_000_000 },
  requestsInFlight: { usual: 200, most: 10_000 },
  clients: { usual: 100_000, most: 10_000_000 },
  sites: { usual: 1_000, most: 100_000 },
  keys: { usual: 100, most: 10_000 },
  enrolmentTokens: { usual: 1_000, most: 100_000 },
} as const;

export type AccountLimits = { readonly [Name in keyof typeof ACCOUNT_LIMITS]: number };

/** Bounds of what a record holds, so that one value stays small. */
export const RECORD_LIMITS = {
  nameCharacters: 128,
  labels: 32,
  labelCharacters: 128,
  hostnames: 64,
  /** RFC 1035, section 2.3.4, and room for `*.`. */
  hostnameCharacters: 255,
  /** The newest and the one that it replaces. */
  secrets: 2,
} as const;

/** A secret by its SHA-256 (hex); the secret itself is never stored. */
export interface SecretHash {
  readonly hash: string;
  /**
   * Of a site's secret: what checks signatures made with it, see workers/keys/signing-state.ts. It opens
   * nothing. Secrets that were made before there was one have none.
   */
  readonly signing?: string;
  /** From when it no longer opens anything, ms; null for the newest. */
  readonly untilMs: number | null;
}

/** What every record begins with. */
export interface RecordHeader<Kind extends string> {
  readonly v: typeof RECORD_FORM;
  readonly kind: Kind;
  /** Grows with every change of the same thing; a reader never goes back to a smaller one. */
  readonly version: number;
  readonly account: AccountId;
}

interface Revocable {
  readonly secrets: readonly SecretHash[];
  readonly revokedAtMs: number | null;
}

export interface AccountRecord extends RecordHeader<"account"> {
  readonly limits: AccountLimits;
  readonly suspendedAtMs: number | null;
}

export interface OperatorKeyRecord extends RecordHeader<"operator">, Revocable {
  readonly role: KeyRole;
}

export interface EnrolmentTokenRecord extends RecordHeader<"enrolment">, Revocable {
  /** Given to every client that enrols with it. */
  readonly labels: readonly string[];
  /** How many clients may enrol with it; null for any number. */
  readonly uses: number | null;
  readonly expiresAtMs: number;
}

export interface SiteRecord extends RecordHeader<"site">, Revocable {
  readonly hostnames: readonly string[];
  readonly mode: SiteMode;
  /** Score from 0 (script) to 1 (person) that a pass needs. */
  readonly threshold: number;
  readonly policy: SitePolicy;
  /** Share of judged movements that are offered to the site's recorder; null while none is. */
  readonly recordedPercent: number | null;
}

/** What stays of something deleted, so that a copy of its record cannot outlive it unnoticed. */
export interface Tombstone extends RecordHeader<"deleted"> {
  readonly deletedAtMs: number;
}

/** Everything that is published, by what it describes. */
export interface Records {
  readonly account: AccountRecord;
  readonly operator: OperatorKeyRecord;
  readonly enrolment: EnrolmentTokenRecord;
  readonly site: SiteRecord;
}

export type RecordKind = keyof Records;
export type PublishedRecord = Records[RecordKind] | Tombstone;

declare const recordKind: unique symbol;
/** Name of a record in KV: `<account>/<segment>/<id>`, so that an account's records list together. */
export type RecordKey<Kind extends RecordKind = RecordKind> = string & {
  readonly [recordKind]: Kind;
};

const SEGMENTS = { account: "account", operator: "sk", enrolment: "et", site: "site" } as const;
const KINDS = Object.keys(SEGMENTS) as RecordKind[];

/**
 * Name of a record. `id` is the 12 bytes of a key id in base32; a sitekey and its secret share one, and so
 * one record. An account's own record has the account's id.
 */
export function recordKey<Kind extends RecordKind>(
  kind: Kind,
  account: AccountId,
  id: string,
): RecordKey<Kind> {
  return `${account}/${SEGMENTS[kind]}/${id}` as RecordKey<Kind>;
}

/** What all names of an account's records begin with. */
export function recordPrefix(account: AccountId): string {
  return `${account}/`;
}

/** Takes the name of a record apart; null when it is none of ours. */
export function splitRecordKey(
  key: string,
): { readonly kind: RecordKind; readonly account: string; readonly id: string } | null {
  const [account, segment, id, ...rest] = key.split("/");
  const kind = KINDS.find((candidate) => SEGMENTS[candidate] === segment);
  if (!account || !id || kind === undefined || rest.length > 0) return null;
  return { kind, account, id };
}

/** The text of a record as it stands in KV. Absent stands for null. */
export function formatRecord(record: PublishedRecord): string {
  return JSON.stringify(record, (_, value) => (value === null ? undefined : value));
}
