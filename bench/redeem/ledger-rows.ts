import type { LedgerUsage, ShardName } from "../../durable-objects/ledger/rpc.ts";
import type { Service } from "../../scripts/service.ts";
import { LEDGER_SHARDS } from "../../workers/ledger/ring-in-force.ts";

/** Rows written by all shards of the ledger so far, alarms included (a row each), as they count them. */
export async function ledgerRows(service: Service): Promise<number> {
  const shards = await service.objects("LEDGER");
  const usages = Array.from({ length: LEDGER_SHARDS }, (_, index) => {
    const name = `ledger-${index}` as ShardName;
    const shard = shards.get(shards.idFromName(name)) as unknown as {
      usage(): Promise<LedgerUsage>;
    };
    return shard.usage();
  });
  const counted = await Promise.all(usages);
  return counted.reduce((sum, usage) => sum + usage.rowsWritten + usage.alarmsSet, 0);
}
