import type { Result } from "@sluice/protocol";
import type { RecordKey, RecordKind, Records } from "../../durable-objects/registry/rpc.ts";
import { ByteBoundedCache } from "./byte-bounded-cache.ts";
import {
  type CacheEntry,
  entryAfter,
  FAILED,
  type Miss,
  type Reading,
  stateOf,
} from "./entry-state.ts";
import { BULK_KEYS, type RecordStore, readRecord, readRecords } from "./record-reader.ts";
import { KV_TIMEOUT_MS, MEMORY_BYTES } from "./staleness.ts";
import { withinTime } from "./within-time.ts";

/** Bulk reads that are on their way at a time; an invocation may wait for six answers. */
const BULK_READS = 4;

/** What the cache needs of its surroundings. */
export interface CachePorts {
  readonly kv: RecordStore;
  now(): number;
  /** Keeps the runtime from ending a read with the request that began it. */
  waitUntil(work: Promise<unknown>): void;
}

/** A read of KV on its way. */
interface Flight {
  readonly startedAtMs: number;
  readonly landed: Promise<void>;
}

export type CacheAnswer<Kind extends RecordKind> = Result<Records[Kind], Miss>;

/**
 * Verification data: memory, then KV, then no. One for an isolate. Only ask it for keys whose tag was
 * verified: what it learns of a key, even that there is none, takes memory and a read of KV.
 */
export class VerificationCache {
  readonly #ports: CachePorts;
  readonly #entries: ByteBoundedCache<CacheEntry>;
  readonly #flights = new Map<string, Flight>();

  constructor(ports: CachePorts, maxBytes: number = MEMORY_BYTES) {
    this.#ports = ports;
    this.#entries = new ByteBoundedCache(maxBytes);
  }

  /** Records (and absences) held, and about how many bytes they take. */
  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#entries.size, bytes: this.#entries.bytes };
  }

  /**
   * The answer from memory alone, or undefined when KV has to be asked. Allocates nothing. May begin a read
   * in the background.
   */
  peek<Kind extends RecordKind>(key: RecordKey<Kind>): CacheAnswer<Kind> | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    switch (stateOf(entry, this.#ports.now())) {
      case "fresh":
        return answerOf<Kind>(entry);
      case "refresh":
        this.#flight(key);
        return answerOf<Kind>(entry);
      case "stale":
      case "dead":
        return undefined;
    }
  }

  /**
   * The answer from memory or else from KV. Never rejects. Callers that ask for the same key at the same
   * time share one read, and each waits for it no longer than the time-out.
   */
  async read<Kind extends RecordKind>(key: RecordKey<Kind>): Promise<CacheAnswer<Kind>> {
    const known = this.peek(key);
    if (known !== undefined) return known;
    const flight = this.#flight(key);
    if ((await withinTime(flight.landed, KV_TIMEOUT_MS)) === "late") {
      this.#keep(key, FAILED, flight.startedAtMs);
    }
    // What was read may be gone again already, if memory is far too small for what is asked of it.
    return answerOf<Kind>(this.#entries.get(key) ?? NOTHING);
  }

  /** Reads records ahead of their use, a hundred a call. Returns how many are held now. */
  async bulkWarm(keys: readonly RecordKey[]): Promise<number> {
    const batches = batchesOf(keys, BULK_KEYS).values();
    const held = await Promise.all(Array.from({ length: BULK_READS }, () => this.#warm(batches)));
    return held.reduce((sum, count) => sum + count, 0);
  }

  async #warm(batches: Iterator<readonly RecordKey[]>): Promise<number> {
    let held = 0;
    for (let next = batches.next(); !next.done; next = batches.next()) {
      const startedAtMs = this.#ports.now();
      for (const [key, reading] of await readRecords(this.#ports.kv, next.value)) {
        if (reading.kind !== "record") continue;
        this.#keep(key, reading, startedAtMs);
        held += 1;
      }
    }
    return held;
  }

  /** The read of a key that is on its way, or a new one. One that is overdue is not joined any more. */
  #flight(key: string): Flight {
    const now = this.#ports.now();
    const current = this.#flights.get(key);
    if (current !== undefined && now - current.startedAtMs < KV_TIMEOUT_MS) return current;
    const landed = readRecord(this.#ports.kv, key).then((reading) => {
      this.#keep(key, reading, now);
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    const flight: Flight = { startedAtMs: now, landed };
    this.#flights.set(key, flight);
    this.#ports.waitUntil(landed);
    return flight;
  }

  #keep(key: string, reading: Reading, startedAtMs: number): void {
    const held = this.#entries.get(key);
    const entry = entryAfter(held, reading, startedAtMs, this.#ports.now());
    this.#entries.set(key, entry);
  }
}

const NOTHING: CacheEntry = entryAfter(undefined, FAILED, 0, 0);

/** The one place where an entry's kind is taken from its key: parse-record.ts has checked that they agree. */
function answerOf<Kind extends RecordKind>(entry: CacheEntry): CacheAnswer<Kind> {
  return entry.answer as CacheAnswer<Kind>;
}

function batchesOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
