import { type RecordStore, STALENESS, VerificationCache } from "../../workers/cache/index.ts";
import { nameOf, siteOf } from "./sites.ts";

const STEP_MS = 1_000;
const PERIODS = 10;
/** Callers that ask for the same site at the same moment. */
const CALLERS = 5;

/** KV with a count of what was read. */
export interface CountedReads {
  readonly store: RecordStore;
  readonly keys: () => number;
}

/** How often KV was read for sites in use, by a clock of the benchmark's own. */
export interface Freshness {
  readonly lookups: number;
  readonly kvReads: number;
  /** From one read of a site that is in use to the next. */
  readonly periodMs: number;
  readonly periods: number;
  readonly kvReadsPerKey: number;
}

/** Counts the keys that are read through a store. */
export function countReads(kv: RecordStore): CountedReads {
  let keys = 0;
  const get = (asked: string | string[], options: Parameters<RecordStore["get"]>[1]) => {
    keys += typeof asked === "string" ? 1 : asked.length;
    return typeof asked === "string" ? kv.get(asked, options) : kv.get(asked, options);
  };
  return { store: { get: get as RecordStore["get"] }, keys: () => keys };
}

/**
 * Looks every site up each second, by several callers at once, for ten periods of a clock that the
 * benchmark moves; reads in the background end before it moves on.
 */
export async function measureFreshness(reads: CountedReads, sites: number): Promise<Freshness> {
  let now = 1_000_000;
  const pending: Promise<unknown>[] = [];
  const ports = {
    kv: reads.store,
    now: () => now,
    waitUntil: (work: Promise<unknown>) => void pending.push(work),
  };
  const cache = new VerificationCache(ports);
  const names = Array.from({ length: sites }, (_, number) => nameOf(siteOf(number)));
  const end = now + PERIODS * STALENESS.refreshMs;
  let lookups = 0;
  for (; now < end; now += STEP_MS) {
    for (const name of names) {
      const answers = await Promise.all(Array.from({ length: CALLERS }, () => cache.read(name)));
      lookups += answers.filter(({ ok }) => ok).length;
    }
    await Promise.all(pending.splice(0));
  }
  const kvReads = reads.keys();
  const kvReadsPerKey = kvReads / sites / PERIODS;
  return { lookups, kvReads, periodMs: STALENESS.refreshMs, periods: PERIODS, kvReadsPerKey };
}
