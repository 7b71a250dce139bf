import { type AccountId, fail, ok, type Page, type Result } from "@sluice/protocol";
import type { Refusal } from "../client/rpc.ts";
import type { AccountStorage, AuditLine } from "./account-storage.ts";
import { bodyOfSpec } from "./body-of-spec.ts";
import { type Bodies, changed, deleted, type Entry, type ListedKind, newEntry } from "./entries.ts";
import { ACCOUNT_LIMITS, type AccountLimits } from "./records.ts";
import type {
  AccountPatch,
  AccountSpec,
  AccountView,
  Actor,
  AuditAction,
  AuditEntry,
  ListQuery,
  Rotation,
  SitePatch,
  Specs,
  Views,
} from "./rpc.ts";
import { OVERLAP_SECONDS, rotateSecrets } from "./secrets.ts";
import { viewAccount, viewEntry } from "./views.ts";

type Outcome<Value> = Result<Value, Refusal>;

/** The limit that bounds how many of a kind an account may have. */
const QUOTAS: { readonly [Kind in ListedKind]: keyof AccountLimits } = {
  operator: "keys",
  enrolment: "enrolmentTokens",
  site: "sites",
};

const NOT_FOUND: Refusal = { code: "not_found", detail: "there is no such thing in this account" };
const NO_ACCOUNT: Refusal = { code: "not_found", detail: "no such account" };
const EXISTS: Refusal = { code: "conflict", detail: "exists already" };
const REVOKED: Refusal = { code: "conflict", detail: "revoked; create a new one" };

/**
 * One account: the rules by which it and its keys, tokens and sites change. Synchronous; each change is
 * committed with its outbox rows before the method returns, and publishing is the caller's.
 */
export class AccountRegistry {
  readonly #storage: AccountStorage;
  readonly #account: AccountId;

  constructor(storage: AccountStorage, account: AccountId) {
    this.#storage = storage;
    this.#account = account;
  }

  open(spec: AccountSpec, by: Actor, now: number): Outcome<AccountView> {
    if (this.#storage.exists) return fail(EXISTS);
    this.#storage.migrate();
    const limits = { ...usualLimits(), ...spec.limits };
    const body = { name: spec.name, limits, suspendedAtMs: null };
    const entry = newEntry("account", this.#account, body, now);
    this.#commit(entry, by, "created", []);
    return ok(viewAccount(this.#account, entry));
  }

  describe(): Outcome<AccountView> {
    const entry = this.#self();
    return entry.ok ? ok(viewAccount(this.#account, entry.value)) : entry;
  }

  update(patch: AccountPatch, by: Actor, now: number): Outcome<AccountView> {
    const found = this.#self();
    if (!found.ok) return found;
    const { body } = found.value;
    const entry = changed(
      found.value,
      {
        name: patch.name ?? body.name,
        limits: { ...body.limits, ...patch.limits },
        suspendedAtMs: suspension(body.suspendedAtMs, patch.suspended, now),
      },
      now,
    );
    this.#commit(entry, by, "updated", Object.keys(patch));
    return ok(viewAccount(this.#account, entry));
  }

  close(by: Actor, now: number): Outcome<null> {
    const found = this.#self();
    if (!found.ok) return found;
    const line: AuditLine = { by, action: "deleted", fields: [] };
    this.#storage.commitClosing(deleted(found.value, now), line);
    return ok(null);
  }

  create<Kind extends ListedKind>(
    kind: Kind,
    spec: Specs[Kind],
    by: Actor,
    now: number,
  ): Outcome<Views[Kind]> {
    const account = this.#self();
    if (!account.ok) return account;
    if (this.#storage.entry(kind, spec.id) !== null) return fail(EXISTS);
    const most = account.value.body.limits[QUOTAS[kind]];
    if (this.#storage.countEntries(kind) >= most) {
      return fail({ code: "quota_exceeded", detail: `the account may have ${most} of these` });
    }
    const entry = newEntry(kind, spec.id, bodyOfSpec(kind, spec), now);
    this.#commit(entry, by, "created", []);
    return ok(viewEntry(entry, now));
  }

  get<Kind extends ListedKind>(kind: Kind, id: string, now: number): Outcome<Views[Kind]> {
    const found = this.#live(kind, id);
    return found.ok ? ok(viewEntry(found.value, now)) : found;
  }

  list<Kind extends ListedKind>(
    kind: Kind,
    query: ListQuery,
    now: number,
  ): Outcome<Page<Views[Kind]>> {
    const account = this.#self();
    if (!account.ok) return account;
    const entries = this.#storage.entries(kind, query);
    const cursor = entries.length < query.limit ? null : (entries.at(-1)?.id ?? null);
    return ok({ items: entries.map((entry) => viewEntry(entry, now)), cursor });
  }

  updateSite(id: string, patch: SitePatch, by: Actor, now: number): Outcome<Views["site"]> {
    const found = this.#live("site", id);
    if (!found.ok) return found;
    return this.#change(found.value, { ...found.value.body, ...patch }, now, {
      by,
      action: "updated",
      fields: Object.keys(patch),
    });
  }

  rotate<Kind extends ListedKind>(
    kind: Kind,
    id: string,
    { overlapSeconds, ...secret }: Rotation,
    by: Actor,
    now: number,
  ): Outcome<Views[Kind]> {
    const found = this.#live(kind, id);
    if (!found.ok) return found;
    const { body } = found.value;
    if (body.revokedAtMs !== null) return fail(REVOKED);
    const overlapMs = (overlapSeconds ?? OVERLAP_SECONDS[kind]) * 1000;
    const secrets = rotateSecrets(body.secrets, secret, overlapMs, now);
    const line: AuditLine = { by, action: "rotated", fields: [] };
    return this.#change(found.value, { ...body, secrets }, now, line);
  }

  revoke<Kind extends ListedKind>(
    kind: Kind,
    id: string,
    by: Actor,
    now: number,
  ): Outcome<Views[Kind]> {
    const found = this.#live(kind, id);
    if (!found.ok) return found;
    const { body } = found.value;
    if (body.revokedAtMs !== null) return ok(viewEntry(found.value, now));
    const line: AuditLine = { by, action: "revoked", fields: [] };
    return this.#change(found.value, { ...body, revokedAtMs: now }, now, line);
  }

  remove(kind: ListedKind, id: string, by: Actor, now: number): Outcome<null> {
    const found = this.#live(kind, id);
    if (!found.ok) return found;
    this.#commit(deleted(found.value, now), by, "deleted", []);
    return ok(null);
  }

  audit({ cursor, limit }: ListQuery): Outcome<Page<AuditEntry>> {
    const account = this.#self();
    if (!account.ok) return account;
    const before = cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor);
    if (!Number.isSafeInteger(before)) {
      return fail({ code: "invalid_cursor", detail: "the cursor is none that was given out" });
    }
    const lines = this.#storage.audit(before, limit);
    const last = lines.length < limit ? undefined : lines.at(-1)?.id;
    return ok({ items: lines.map(({ entry }) => entry), cursor: last?.toString() ?? null });
  }

  #self(): Outcome<Entry<"account">> {
    const entry = this.#storage.exists ? this.#storage.entry("account", this.#account) : null;
    return entry === null || entry.deletedAtMs !== null ? fail(NO_ACCOUNT) : ok(entry);
  }

  /** An entry of an account that is open, unless it is deleted. */
  #live<Kind extends ListedKind>(kind: Kind, id: string): Outcome<Entry<Kind>> {
    const account = this.#self();
    if (!account.ok) return account;
    const entry = this.#storage.entry(kind, id);
    return entry === null || entry.deletedAtMs !== null ? fail(NOT_FOUND) : ok(entry);
  }

  #change<Kind extends ListedKind>(
    before: Entry<Kind>,
    body: Bodies[Kind],
    now: number,
    { by, action, fields }: AuditLine,
  ): Outcome<Views[Kind]> {
    const entry = changed(before, body, now);
    this.#commit(entry, by, action, fields);
    return ok(viewEntry(entry, now));
  }

  #commit(entry: Entry, by: Actor, action: AuditAction, fields: readonly string[]): void {
    this.#storage.commit(entry, { by, action, fields });
  }
}

function usualLimits(): AccountLimits {
  const { requestsPerMinute, requestsInFlight, clients, sites, keys, enrolmentTokens } =
    ACCOUNT_LIMITS;
  return {
    requestsPerMinute: requestsPerMinute.usual,
    requestsInFlight: requestsInFlight.usual,
    clients: clients.usual,
    sites: sites.usual,
    keys: keys.usual,
    enrolmentTokens: enrolmentTokens.usual,
  };
}

function suspension(since: number | null, wanted: boolean | undefined, now: number): number | null {
  if (wanted === undefined) return since;
  return wanted ? (since ?? now) : null;
}
