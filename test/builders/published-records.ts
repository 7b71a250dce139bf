import type { AccountId } from "@sluice/protocol";
import {
  ACCOUNT_LIMITS,
  type AccountRecord,
  type EnrolmentTokenRecord,
  formatRecord,
  type OperatorKeyRecord,
  RECORD_FORM,
  type RecordHeader,
  type RecordKind,
  type Records,
  recordKey,
  type SiteRecord,
} from "../../durable-objects/registry/rpc.ts";
import type { RecordStore } from "../../workers/cache/index.ts";

/** What KV does instead of answering as it should. */
export type Outage = "none" | "down" | "hanging" | "corrupt";

/** A KV in memory that holds what a registry would have published, counts its reads, and fails when told to. */
export class PublishedRecords implements RecordStore {
  readonly #texts = new Map<string, string>();
  outage: Outage = "none";
  /** How long each read takes, ms. */
  latencyMs = 0;
  reads = 0;

  publish<Kind extends RecordKind>(kind: Kind, id: string, record: Records[Kind]): void {
    this.#texts.set(recordKey(kind, record.account, id), formatRecord(record));
  }

  /** Leaves a tombstone in place of a record. */
  delete(kind: RecordKind, account: AccountId, id: string): void {
    const tombstone = { ...headerOf("deleted", account, 99), deletedAtMs: 1 };
    this.#texts.set(recordKey(kind, account, id), formatRecord(tombstone));
  }

  get(key: string): Promise<string | null>;
  get(keys: string[]): Promise<Map<string, string | null>>;
  async get(keys: string | string[]): Promise<string | null | Map<string, string | null>> {
    this.reads += 1;
    if (this.outage === "down") throw new Error("KV is down");
    if (this.outage === "hanging") return new Promise(() => {});
    if (this.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    if (typeof keys === "string") return this.#text(keys);
    return new Map(keys.map((key) => [key, this.#text(key)]));
  }

  #text(key: string): string | null {
    const text = this.#texts.get(key) ?? null;
    return this.outage === "corrupt" && text !== null ? text.slice(0, -2) : text;
  }
}

export function accountRecord(
  account: AccountId,
  {
    limits = {},
    ...overrides
  }: Partial<Omit<AccountRecord, "limits">> & {
    readonly limits?: Partial<AccountRecord["limits"]>;
  } = {},
): AccountRecord {
  return {
    ...headerOf("account", account),
    suspendedAtMs: null,
    ...overrides,
    limits: { ...mostLimits(), ...limits },
  };
}

export function operatorKeyRecord(
  account: AccountId,
  secretHash: string,
  overrides: Partial<OperatorKeyRecord> = {},
): OperatorKeyRecord {
  return {
    ...headerOf("operator", account),
    role: "admin",
    ...openedBy(secretHash),
    ...overrides,
  };
}

export function enrolmentTokenRecord(
  account: AccountId,
  secretHash: string,
  overrides: Partial<EnrolmentTokenRecord> = {},
): EnrolmentTokenRecord {
  return {
    ...headerOf("enrolment", account),
    labels: [],
    uses: null,
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    ...openedBy(secretHash),
    ...overrides,
  };
}

export function siteRecord(
  account: AccountId,
  secretHash: string,
  overrides: Partial<SiteRecord> = {},
): SiteRecord {
  return {
    ...headerOf("site", account),
    hostnames: ["shop.example"],
    mode: "managed",
    threshold: 0.5,
    policy: { difficulty: "normal", enrols: false },
    recordedPercent: null,
    ...openedBy(secretHash),
    ...overrides,
  };
}

function headerOf<Kind extends string>(
  kind: Kind,
  account: AccountId,
  version = 1,
): RecordHeader<Kind> {
  return { v: RECORD_FORM, kind, version, account };
}

function openedBy(hash: string) {
  return { secrets: [{ hash, untilMs: null }], revokedAtMs: null };
}

/** So much that no limit speaks in place of what a test is about. */
export function mostLimits(): AccountRecord["limits"] {
  const { requestsPerMinute, requestsInFlight, clients, sites, keys, enrolmentTokens } =
    ACCOUNT_LIMITS;
  return {
    requestsPerMinute: requestsPerMinute.most,
    requestsInFlight: requestsInFlight.most,
    clients: clients.most,
    sites: sites.most,
    keys: keys.most,
    enrolmentTokens: enrolmentTokens.most,
  };
}
