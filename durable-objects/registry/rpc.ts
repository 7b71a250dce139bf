import type { AccountId, ClientId, Page, Result } from "@sluice/protocol";
import type { Refusal } from "../client/rpc.ts";
import type { Recording } from "../recorder/rpc.ts";
import type { Bodies, ListedKind } from "./entries.ts";
import type { AccountObjectName, EnrolmentObjectName, ROOT_OBJECT } from "./object-names.ts";
import type { DriftReport } from "./reconcile.ts";
import type { AccountLimits, KeyRole, SiteMode, SitePolicy } from "./records.ts";
import type { NewSecret } from "./secrets.ts";

export type { ListedKind } from "./entries.ts";
export { accountObject, enrolmentObject, ROOT_OBJECT } from "./object-names.ts";
export type { DriftReport } from "./reconcile.ts";
export * from "./records.ts";
export { MAX_OVERLAP_SECONDS, OVERLAP_SECONDS } from "./secrets.ts";

/** Who asks for a change, as the audit log keeps it: the admin, the system itself, or a key by its id. */
export type Actor = "admin" | "system" | `key:${string}`;

/** Which part of a list. `cursor` is one that was given out, or null for the start. */
export interface ListQuery {
  readonly cursor: string | null;
  readonly limit: number;
}

/** A new account. Limits that are not given are the usual ones. */
export interface AccountSpec {
  readonly name: string;
  readonly limits: Partial<AccountLimits>;
}

export interface AccountPatch {
  readonly name?: string;
  readonly limits?: Partial<AccountLimits>;
  /** A suspended account keeps everything and may do nothing. */
  readonly suspended?: boolean;
}

interface Minted extends NewSecret {
  /** The 12 bytes of the key id, base32. */
  readonly id: string;
}

/** What the front sends to create each kind of thing. The key itself is minted there and never sent. */
export interface Specs {
  readonly operator: Minted & { readonly label: string; readonly role: KeyRole };
  readonly enrolment: Minted &
    Pick<Bodies["enrolment"], "label" | "labels" | "uses" | "expiresAtMs">;
  readonly site: Minted & Omit<Bodies["site"], "secrets" | "revokedAtMs">;
}

export interface SitePatch {
  readonly name?: string;
  readonly hostnames?: readonly string[];
  readonly mode?: SiteMode;
  readonly threshold?: number;
  readonly policy?: SitePolicy;
  /** Null ends the recording, and erases what it kept. */
  readonly recording?: Recording | null;
}

/** A new secret for something that exists. */
export interface Rotation extends NewSecret {
  /** How long the old secret goes on opening; null for the usual time of its kind. */
  readonly overlapSeconds: number | null;
}

/** Times in views are ISO 8601. */
export interface AccountView {
  readonly id: AccountId;
  readonly name: string;
  readonly limits: AccountLimits;
  readonly createdAt: string;
  readonly suspendedAt: string | null;
}

interface RevocableView {
  readonly id: string;
  readonly createdAt: string;
  readonly revokedAt: string | null;
  /** Until when the secret before the newest still opens; null when there is none. */
  readonly oldSecretUntil: string | null;
}

/** What an operator sees of each kind of thing. No secret and no hash. */
export interface Views {
  readonly operator: RevocableView & { readonly label: string; readonly role: KeyRole };
  readonly enrolment: RevocableView & {
    readonly label: string;
    readonly labels: readonly string[];
    readonly uses: number | null;
    readonly expiresAt: string;
  };
  readonly site: RevocableView & Omit<Bodies["site"], "secrets" | "revokedAtMs">;
}

/** One line of the audit log. */
export interface AuditEntry {
  readonly at: string;
  readonly by: Actor;
  readonly action: AuditAction;
  readonly target: { readonly kind: ListedKind | "account"; readonly id: string };
  /** Names of the fields that were changed; never their values. */
  readonly fields: readonly string[];
}

export type AuditAction = "created" | "updated" | "rotated" | "revoked" | "deleted";

/** A line of the list of accounts. */
export interface AccountSummary {
  readonly id: AccountId;
  readonly name: string;
  readonly createdAt: string;
  readonly suspendedAt: string | null;
}

/** What a part of a comparison with KV found; `cursor` leads to the next part, null at the end. */
export interface ReconcilePage {
  readonly report: DriftReport;
  readonly cursor: string | null;
}

export type Answer<Value> = Promise<Result<Value, Refusal>>;

/** The object `root`: which accounts there are. */
export interface RootRpc {
  /** Accounts that are not deleted, by id. */
  listAccounts(query: ListQuery): Answer<Page<AccountSummary>>;
  /** For account objects alone: keeps what the list shows, unless it knows a newer version. */
  noteAccount(version: number, summary: AccountSummary, isDeleted: boolean): Answer<null>;
  /** Compares the next accounts with KV, repairs, and reports. Call again with the cursor until null. */
  reconcile(cursor: string | null): Answer<ReconcilePage>;
}

/**
 * An object `account:<id>`: one account, its operator keys, enrolment tokens and sites. One that was never
 * opened, or is closed, answers `not_found` to everything and stores nothing.
 *
 * Creating answers when the record is in KV, or after a second: whoever is shown a key can use it at once,
 * and no reader has cached its absence. All else answers when it is committed; KV follows within moments,
 * and after a crash or an outage as soon as it can.
 */
export interface AccountRpc {
  openAccount(spec: AccountSpec, by: Actor): Answer<AccountView>;
  describeAccount(): Answer<AccountView>;
  updateAccount(patch: AccountPatch, by: Actor): Answer<AccountView>;
  /** Deletes the account and everything in it, for good. */
  closeAccount(by: Actor): Answer<null>;

  createEntry<Kind extends ListedKind>(
    kind: Kind,
    spec: Specs[Kind],
    by: Actor,
  ): Answer<Views[Kind]>;
  getEntry<Kind extends ListedKind>(kind: Kind, id: string): Answer<Views[Kind]>;
  listEntries<Kind extends ListedKind>(kind: Kind, query: ListQuery): Answer<Page<Views[Kind]>>;
  updateSite(id: string, patch: SitePatch, by: Actor): Answer<Views["site"]>;
  rotateSecret<Kind extends ListedKind>(
    kind: Kind,
    id: string,
    rotation: Rotation,
    by: Actor,
  ): Answer<Views[Kind]>;
  /** Ends what it opens at once and for good; it stays in lists. */
  revokeEntry<Kind extends ListedKind>(kind: Kind, id: string, by: Actor): Answer<Views[Kind]>;
  /** Revokes and takes it out of lists. */
  removeEntry(kind: ListedKind, id: string, by: Actor): Answer<null>;

  /**
   * Counts a client that is about to be enrolled; the same client only once. Refused with `quota_exceeded`
   * when the account has as many as its limit, with `invalid_key` when it is closed.
   */
  takePlace(client: ClientId): Answer<null>;
  /** Counts a client no longer; repeated within two minutes it changes nothing. */
  returnPlace(client: ClientId, because: PlaceReturn): Answer<null>;

  /** Newest first. */
  listAudit(query: ListQuery): Answer<Page<AuditEntry>>;
  /** For the root alone: compares a part of this account's records with KV. */
  reconcileAccount(cursor: string | null): Answer<ReconcilePage>;
}

/** Why a client's place is free again. */
export type PlaceReturn = "enrolment_failed" | "removed";

/** A client that enrols with a token of limited uses. */
export interface EnrolmentUse {
  readonly client: ClientId;
  /** As the token's record says. */
  readonly uses: number;
  readonly expiresAtMs: number;
}

/**
 * An object `enrolment:<key id>`: counts exactly how often one token of limited uses was used. Tokens
 * without a limit have none. A client's own credential is in the client's object.
 */
export interface EnrolmentRpc {
  /** Takes a use for a client; the same client takes only one. Refused with `forbidden` when none is left. */
  useToken(use: EnrolmentUse): Answer<{ readonly used: number }>;
  /** Returns the use of a client whose enrolment failed. */
  giveBack(client: ClientId): Answer<null>;
}

/** Everything that the one class answers. Which part depends on the object's name. */
export type RegistryRpc = RootRpc & AccountRpc & EnrolmentRpc;

/** The registry's objects as callers see them: the name says what may be asked. */
export interface RegistryNamespace {
  getByName(name: typeof ROOT_OBJECT): RootRpc;
  getByName(name: AccountObjectName): AccountRpc;
  getByName(name: EnrolmentObjectName): EnrolmentRpc;
}
