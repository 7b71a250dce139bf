import type { LedgerNamespace, LedgerRpc, ShardName } from "../../durable-objects/ledger/rpc.ts";

/**
 * Calls a shard; `silent` when it cannot be reached. Every call can be repeated, so one that failed on the
 * way is, once, on a fresh stub.
 */
export async function askShard<Answer>(
  shards: LedgerNamespace,
  name: ShardName,
  call: (shard: LedgerRpc) => Promise<Answer>,
): Promise<Answer | "silent"> {
  try {
    return await call(shards.getByName(name));
  } catch (error) {
    if (isOverloaded(error)) return "silent";
  }
  try {
    return await call(shards.getByName(name));
  } catch {
    return "silent";
  }
}

/** The platform's mark of an object that must not be asked again now. */
function isOverloaded(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, "overloaded") === true;
}
