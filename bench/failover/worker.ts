import { waitUntil } from "cloudflare:workers";
import type { LedgerNamespace, ShardName } from "../../durable-objects/ledger/rpc.ts";
import {
  attemptId,
  type LedgerRing,
  ledgerRing,
  recordKey,
  redeem,
} from "../../workers/ledger/index.ts";
import { buildRing } from "../../workers/ledger/ring.ts";
import type { RingPlan } from "../../workers/ledger/ring-plan.ts";
import type { Ledger } from "./failing-ledger.ts";
import { type Fault, GROWN_SHARDS, type RedeemAnswer, type RedeemCall, SHARDS } from "./faults.ts";

/** The ledger's own caller on shards that fail on demand, and nothing else of the project's Worker. */
export { Client } from "../../durable-objects/client/object.ts";
export { Recorder } from "../../durable-objects/recorder/object.ts";
export { Registry } from "../../durable-objects/registry/object.ts";
export { Sluice } from "../../workers/index.ts";
export { Ledger } from "./failing-ledger.ts";

interface Env {
  readonly LEDGER: DurableObjectNamespace<Ledger> & LedgerNamespace;
}

let ring: { readonly of: LedgerRing; readonly growingSinceMs: number | null } | null = null;

function ringOf({ LEDGER }: Env, growingSinceMs: number | null): LedgerRing {
  if (ring?.growingSinceMs === growingSinceMs) return ring.of;
  const plan = planOf(growingSinceMs);
  ring = { of: ledgerRing(LEDGER, { plan, keepAlive: waitUntil }), growingSinceMs };
  return ring.of;
}

function planOf(growingSinceMs: number | null): RingPlan {
  const before = buildRing(SHARDS);
  if (growingSinceMs === null) return { ring: before, previous: null };
  const previous = { ring: before, changedAtMs: growingSinceMs };
  return { ring: buildRing(GROWN_SHARDS), previous };
}

/** Two attempts at each of the names, the second when the first has its verdict. */
async function redeemTwice(call: RedeemCall, env: Env): Promise<RedeemAnswer> {
  const ledger = ringOf(env, call.growingSinceMs);
  const ms: number[] = [];
  const attempt = async (name: string): Promise<string> => {
    const beganAt = Date.now();
    const mine = attemptId(crypto.randomUUID());
    let verdict = await redeem(ledger, recordKey("pass", name), mine, Date.now());
    ms.push(Date.now() - beganAt);
    // As whoever is told so would: the same attempt again.
    for (let again = 0; verdict === "unavailable" && again < 5; again += 1) {
      verdict = await redeem(ledger, recordKey("pass", name), mine, Date.now());
    }
    return verdict;
  };
  const verdicts = await Promise.all(
    call.names.map(async (name) => [await attempt(name), await attempt(name)] as const),
  );
  return { verdicts, ms };
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const [, task, shard = "", fault = ""] = new URL(request.url).pathname.split("/");
    if (task === "redeem") return Response.json(await redeemTwice(await request.json(), env));
    await env.LEDGER.getByName(shard as ShardName).fail(fault as Fault);
    return new Response(null, { status: 204 });
  },
};
