import { entryBytes, FAILED, type Reading } from "./entry-state.ts";
import { parseRecord } from "./parse-record.ts";
import { KV_CACHE_TTL_SECONDS } from "./staleness.ts";

/** Keys that KV reads in one call. */
export const BULK_KEYS = 100;

interface TextOptions {
  readonly type: "text";
  readonly cacheTtl: number;
}

/** What is asked of KV; a `KVNamespace` has it. */
export interface RecordStore {
  get(key: string, options: TextOptions): Promise<string | null>;
  get(keys: string[], options: TextOptions): Promise<Map<string, string | null>>;
}

const OPTIONS: TextOptions = { type: "text", cacheTtl: KV_CACHE_TTL_SECONDS };
const ABSENT: Reading = { kind: "absent" };

/** Reads one record. Never rejects: a KV that fails and a value that is corrupt are both `failed`. */
export async function readRecord(store: RecordStore, key: string): Promise<Reading> {
  try {
    return understand(key, await store.get(key, OPTIONS));
  } catch {
    return FAILED;
  }
}

/** Reads up to {@link BULK_KEYS} records in one call. Never rejects. */
export async function readRecords(
  store: RecordStore,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Reading>> {
  try {
    const values = await store.get([...keys], OPTIONS);
    return new Map(keys.map((key) => [key, understand(key, values.get(key) ?? null)]));
  } catch {
    return new Map();
  }
}

function understand(key: string, text: string | null): Reading {
  if (text === null) return ABSENT;
  const record = parseRecord(key, text);
  if (!record.ok) return FAILED;
  return { kind: "record", record: record.value, bytes: entryBytes(key, text) };
}
