import type { AccountId } from "@sluice/protocol";
import type { AccountStorage, EntryPlace } from "./account-storage.ts";
import type { Entry } from "./entries.ts";
import { type Publication, publicationOf, TOMBSTONE_SECONDS } from "./publication.ts";
import { driftOf, NO_DRIFT, reportOf } from "./reconcile.ts";
import { recordPrefix, splitRecordKey } from "./records.ts";
import type { ReconcilePage } from "./rpc.ts";

/** Entries compared, or names listed, in one call: an invocation may ask KV a thousand things. */
const PAGE = 500;
/** Keys that KV reads in one call. */
const BULK_KEYS = 100;
/** KV may show an older value for a minute; what changed within two is not judged. */
export const SETTLING_MS = 2 * 60_000;
const AUDIT_DAYS = 365;
const DAY_MS = 24 * 3600_000;

const START: EntryPlace = { kind: "", id: "" };
/** A cursor into the registry's entries; any other is KV's own, of the walk over KV's names. */
const ENTRIES_CURSOR = /^entries\/(\w+)\/(\w+)$/;
const NAMES_CURSOR = "names/";

export interface ReconcilerPorts {
  readonly kv: Pick<KVNamespace, "get" | "list" | "delete">;
  /** Publishes what the outbox holds; never rejects. */
  publish(): Promise<void>;
}

/**
 * Compares an account's records in KV with the registry, a part at a time: first every entry against KV,
 * then every name in KV against the entries. Repairs go through the outbox, so that they cannot overtake
 * a change. Rejects when KV cannot be read.
 */
export class AccountReconciler {
  readonly #account: AccountId;
  readonly #storage: AccountStorage;
  readonly #ports: ReconcilerPorts;

  constructor(account: AccountId, storage: AccountStorage, ports: ReconcilerPorts) {
    this.#account = account;
    this.#storage = storage;
    this.#ports = ports;
  }

  page(cursor: string | null, now: number): Promise<ReconcilePage> {
    if (cursor?.startsWith(NAMES_CURSOR)) return this.#compareNames(cursor, now);
    const [, kind, id] = ENTRIES_CURSOR.exec(cursor ?? "") ?? [];
    if (kind !== undefined && id !== undefined) return this.#compareEntries({ kind, id }, now);
    this.#storage.forget(now - TOMBSTONE_SECONDS * 1000, now - AUDIT_DAYS * DAY_MS);
    return this.#compareEntries(START, now);
  }

  async #compareEntries(after: EntryPlace, now: number): Promise<ReconcilePage> {
    const entries = this.#storage.settledEntries(after, now - SETTLING_MS, PAGE);
    const expected = entries.map((entry) => publicationOf(this.#account, entry, now));
    const found = await this.#read(expected.map(({ key }) => key));
    const drifts = expected.map((publication) =>
      driftOf(publication, found.get(publication.key) ?? null),
    );
    const repaired = await this.#repair(
      entries.filter((_, index) => drifts[index] !== "none"),
      now,
    );
    const last = entries.length < PAGE ? undefined : entries.at(-1);
    const cursor = last === undefined ? NAMES_CURSOR : `entries/${last.kind}/${last.id}`;
    return { report: reportOf(drifts, repaired), cursor };
  }

  async #compareNames(cursor: string, now: number): Promise<ReconcilePage> {
    const position = cursor.slice(NAMES_CURSOR.length);
    const prefix = recordPrefix(this.#account);
    const listed = await this.#ports.kv.list({
      prefix,
      limit: PAGE,
      ...(position !== "" && { cursor: position }),
    });
    const extra = listed.keys
      .map(({ name }) => name)
      .filter((name) => !this.#isExpected(name, now));
    const repaired = await this.#delete(extra);
    const next = listed.list_complete ? null : NAMES_CURSOR + listed.cursor;
    return { report: { ...NO_DRIFT, extra: extra.length, repaired }, cursor: next };
  }

  #isExpected(name: string, now: number): boolean {
    const parts = splitRecordKey(name);
    const entry = parts === null ? null : this.#storage.entry(parts.kind, parts.id);
    return entry !== null && publicationOf(this.#account, entry, now).text !== null;
  }

  async #read(keys: readonly Publication["key"][]): Promise<ReadonlyMap<string, string | null>> {
    const found = new Map<string, string | null>();
    for (let from = 0; from < keys.length; from += BULK_KEYS) {
      const values = await this.#ports.kv.get(keys.slice(from, from + BULK_KEYS), "text");
      for (const [key, value] of values) found.set(key, value);
    }
    return found;
  }

  /** Publishes entries again. Returns how many got through. */
  async #repair(entries: readonly Entry[], now: number): Promise<number> {
    for (const { kind, id } of entries) this.#storage.outbox.publishAgain(kind, id, now);
    await this.#ports.publish();
    return entries.filter(({ kind, id }) => !this.#storage.outbox.isPending(kind, id)).length;
  }

  /** Deletes names from KV that nothing stands behind. Returns how many are gone. */
  async #delete(names: readonly string[]): Promise<number> {
    const outcomes = await Promise.allSettled(names.map((name) => this.#ports.kv.delete(name)));
    return outcomes.filter(({ status }) => status === "fulfilled").length;
  }
}
