import { env } from "cloudflare:workers";
import type {
  AttemptId,
  Durability,
  Held,
  LedgerNamespace,
  LedgerRpc,
  LedgerUsage,
  RecordKey,
  ShardName,
} from "../../../durable-objects/ledger/rpc.ts";
import {
  attemptId,
  type LedgerRing,
  ledgerRing,
  recordKey,
  redeem,
  type Verdict,
} from "../../../workers/ledger/index.ts";
import { buildRing, place } from "../../../workers/ledger/ring.ts";

/** Long beside anything on this machine: in these tests a shard is silent only when it is made so. */
export const PATIENCE_MS = 30_000;
export const RING = buildRing(4);

/** A key that no test has used. */
export const freshKey = (): RecordKey => recordKey("pass", crypto.randomUUID());
export const freshAttempt = (): AttemptId => attemptId(crypto.randomUUID());
export const shardOf = (name: ShardName) => env.LEDGER.getByName(name);
export const shardsOf = (key: RecordKey) => {
  const { owner, successor } = place(RING, key);
  return { owner: shardOf(owner), successor: shardOf(successor) };
};

/** A shard on no ring. */
export const freshShard = () => shardOf(`ledger-${crypto.randomUUID()}` as ShardName);

/** One claim at one shard. */
export async function claimAt(
  shard: Pick<LedgerRpc, "claim">,
  key: RecordKey,
  attempt: AttemptId,
  durability: Durability = "durable",
): Promise<Held> {
  const [held] = await shard.claim([{ key, attempt }], durability);
  if (held === undefined) throw new Error("one claim has one answer");
  return held;
}

/** Uses a key on the real shards, or on those given. */
export const use = (
  key: RecordKey,
  attempt = freshAttempt(),
  shards: LedgerNamespace = env.LEDGER,
  timeoutMs = PATIENCE_MS,
): Promise<Verdict> => redeem(ringOf(shards, timeoutMs), key, attempt, Date.now());

/** One ring for each namespace and patience, as an isolate has one. */
function ringOf(shards: LedgerNamespace, timeoutMs: number): LedgerRing {
  const byPatience = rings.get(shards) ?? new Map<number, LedgerRing>();
  rings.set(shards, byPatience);
  const known = byPatience.get(timeoutMs);
  if (known !== undefined) return known;
  const ring = ledgerRing(shards, { plan: { ring: RING, previous: null }, timeoutMs });
  byPatience.set(timeoutMs, ring);
  return ring;
}
const rings = new Map<LedgerNamespace, Map<number, LedgerRing>>();

/** The real shards, of which one never answers. */
export const withHanging = (hanging: ShardName): LedgerNamespace => ({
  getByName: (name) => {
    if (name !== hanging) return shardOf(name);
    const never = () => new Promise<never>(() => {});
    return {
      claim: never,
      markSolo: never,
      settle: never,
      handOver: never,
      recallTrack: never,
      usage: never,
    };
  },
});

/** The rows and alarms of all shards together. */
export async function usageOfAll(): Promise<LedgerUsage> {
  const names = [0, 1, 2, 3].map((index) => `ledger-${index}` as ShardName);
  const usages = await Promise.all(names.map((name) => shardOf(name).usage()));
  const total = (field: keyof LedgerUsage) => usages.reduce((sum, usage) => sum + usage[field], 0);
  return {
    rowsWritten: total("rowsWritten"),
    alarmsSet: total("alarmsSet"),
    recordsMade: total("recordsMade"),
  };
}
