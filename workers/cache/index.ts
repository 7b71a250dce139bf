/** The read path of verification data: memory, then KV, then no. */
export type { LiveRecord, Miss } from "./entry-state.ts";
export { isOpenedBy } from "./is-opened-by.ts";
export type { RecordStore } from "./record-reader.ts";
export { KV_CACHE_TTL_SECONDS, KV_TIMEOUT_MS, MEMORY_BYTES, STALENESS } from "./staleness.ts";
export { type CacheAnswer, type CachePorts, VerificationCache } from "./verification-cache.ts";
