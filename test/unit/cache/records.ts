import type { AccountId } from "@sluice/protocol";
import {
  formatRecord,
  RECORD_FORM,
  type RecordKey,
  recordKey,
  type SiteRecord,
  type Tombstone,
} from "../../../durable-objects/registry/rpc.ts";
import type { RecordStore } from "../../../workers/cache/record-reader.ts";
import { VerificationCache } from "../../../workers/cache/verification-cache.ts";
import { hashOf } from "../../builders/registry.ts";

export const ACCOUNT = "ac_0000000000001" as AccountId;

export function siteKey(id = "s1"): RecordKey<"site"> {
  return recordKey("site", ACCOUNT, id);
}

export function siteRecord(overrides: Partial<SiteRecord> = {}): SiteRecord {
  return {
    v: RECORD_FORM,
    kind: "site",
    version: 1,
    account: ACCOUNT,
    hostnames: ["shop.example"],
    mode: "managed",
    threshold: 0.5,
    policy: { difficulty: "normal", enrols: false },
    recordedPercent: null,
    secrets: [{ hash: hashOf("a"), untilMs: null }],
    revokedAtMs: null,
    ...overrides,
  };
}

export function tombstone(version = 2): Tombstone {
  return { v: RECORD_FORM, kind: "deleted", version, account: ACCOUNT, deletedAtMs: 1 };
}

/** How a KV answers: as it should, with a failure, or not at all. */
export type Health = "up" | "down" | "hanging";

/** A KV of this process, whose health and answers the test sets, and which counts what it is asked. */
export class FakeKv implements RecordStore {
  readonly values = new Map<string, string>();
  health: Health = "up";
  /** How long each read takes, ms. */
  latencyMs = 0;
  readonly reads: (readonly string[])[] = [];

  put(key: string, record: SiteRecord | Tombstone): void {
    this.values.set(key, formatRecord(record));
  }

  get(key: string): Promise<string | null>;
  get(keys: string[]): Promise<Map<string, string | null>>;
  get(asked: string | string[]): Promise<string | null | Map<string, string | null>> {
    const keys = typeof asked === "string" ? [asked] : asked;
    this.reads.push(keys);
    return this.#answer(() => {
      const found = new Map(keys.map((key) => [key, this.values.get(key) ?? null]));
      return typeof asked === "string" ? (found.get(asked) ?? null) : found;
    });
  }

  async #answer<Value>(look: () => Value): Promise<Value> {
    if (this.health === "hanging") return new Promise(() => {});
    if (this.health === "down") throw new Error("KV is down");
    const seen = look();
    if (this.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    return seen;
  }
}

/** A cache over a KV of the test, on vitest's clock. */
export function aCache(kv: RecordStore, maxBytes?: number): VerificationCache {
  return new VerificationCache({ kv, now: () => Date.now(), waitUntil: () => {} }, maxBytes);
}
