import type { Recording } from "../recorder/rpc.ts";
import type {
  AccountLimits,
  KeyRole,
  RecordKind,
  SecretHash,
  SiteMode,
  SitePolicy,
} from "./records.ts";

interface Revocable {
  /** Newest first. */
  readonly secrets: readonly SecretHash[];
  readonly revokedAtMs: number | null;
}

/** What the registry knows of each kind of thing, beyond when it was made and deleted. */
export interface Bodies {
  readonly account: {
    readonly name: string;
    readonly limits: AccountLimits;
    readonly suspendedAtMs: number | null;
  };
  readonly operator: Revocable & { readonly label: string; readonly role: KeyRole };
  readonly enrolment: Revocable & {
    readonly label: string;
    readonly labels: readonly string[];
    readonly uses: number | null;
    readonly expiresAtMs: number;
  };
  readonly site: Revocable & {
    readonly name: string;
    /** The public key as pages carry it. */
    readonly sitekey: string;
    readonly hostnames: readonly string[];
    readonly mode: SiteMode;
    readonly threshold: number;
    readonly policy: SitePolicy;
    /** What is kept of its visitors' movements for training; null for nothing. */
    readonly recording: Recording | null;
  };
}

/** One thing in an account's registry: the account itself, a key, an enrolment token or a site. */
export interface Entry<Kind extends RecordKind = RecordKind> {
  readonly kind: Kind;
  readonly id: string;
  /** 1 when new, one more with every change. */
  readonly version: number;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  readonly deletedAtMs: number | null;
  readonly body: Bodies[Kind];
}

/** Kinds of which an account may have many. */
export type ListedKind = Exclude<RecordKind, "account">;

/** A new entry. */
export function newEntry<Kind extends RecordKind>(
  kind: Kind,
  id: string,
  body: Bodies[Kind],
  now: number,
): Entry<Kind> {
  return { kind, id, version: 1, createdAtMs: now, changedAtMs: now, deletedAtMs: null, body };
}

/** The entry with another body. */
export function changed<Kind extends RecordKind>(
  entry: Entry<Kind>,
  body: Bodies[Kind],
  now: number,
): Entry<Kind> {
  return { ...entry, version: entry.version + 1, changedAtMs: now, body };
}

/** The entry as what is left of it: a mark. */
export function deleted<Kind extends RecordKind>(entry: Entry<Kind>, now: number): Entry<Kind> {
  return { ...entry, version: entry.version + 1, changedAtMs: now, deletedAtMs: now };
}
