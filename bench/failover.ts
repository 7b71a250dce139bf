import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { bundleOf } from "../scripts/bundle.ts";
import { runSluice } from "../test/harness/running.ts";
import { shardName } from "../workers/ledger/ring.ts";
import { type Fault, type RedeemAnswer, type RedeemCall, SHARDS } from "./failover/faults.ts";
import { type Findings, percentile, rounded } from "./report.ts";

const REDEMPTIONS = 20_000;
const HANGING_REDEMPTIONS = 4_000;
/** Keys of one request, and requests under way: as many redemptions at a time as both together. */
const KEYS_PER_REQUEST = 8;
const CALLERS = 8;
const FAULTS: readonly Fault[] = ["refusing", "hanging", "restarting"];
/** One shard fails for so long, then none until what it missed was handed over. */
const FAILING_MS = 3_000;
const HEALING_MS = 6_000;
const WORKER = fileURLToPath(new URL("./failover/worker.ts", import.meta.url));

interface Outcome {
  readonly redemptions: number;
  /** Keys of which both attempts were accepted. */
  readonly doubles: number;
  /** Keys of which none was. */
  readonly refusedGood: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly faults: number;
}

/**
 * Redemptions through the ledger's own caller on running shards, each key twice, while one shard at a time
 * refuses, hangs or restarts, at random; then the same while the ring grows from 8 to 12 shards.
 */
export async function run(): Promise<Findings> {
  const { service } = await runSluice({ modules: await bundleOf(WORKER), onLog: () => {} });
  try {
    const { url } = service;
    const steady = await redeemWhileFailing(url, null);
    const growing = await redeemWhileFailing(url, Date.now() - 1);
    const hanging = await redeemWhileHanging(url);
    const met = (read: (outcome: Outcome) => number) => read(steady) + read(growing) === 0;
    return {
      figures: { ...steady, growing, hangingP50Ms: hanging.p50Ms, hangingP99Ms: hanging.p99Ms },
      targets: [
        { figure: "doubles", wanted: "0, growing too", met: met(({ doubles }) => doubles) },
        { figure: "refusedGood", wanted: "0, growing too", met: met((one) => one.refusedGood) },
      ],
    };
  } finally {
    await service.stop();
  }
}

async function redeemWhileFailing(url: string, growingSinceMs: number | null): Promise<Outcome> {
  const ended = new AbortController();
  const failing = failAtRandom(url, ended.signal);
  const answers = await redeemAll(url, REDEMPTIONS, growingSinceMs);
  ended.abort();
  return outcomeOf(answers, await failing);
}

/** One shard hangs all the time: what the others' keys and its own then cost. */
async function redeemWhileHanging(url: string): Promise<Outcome> {
  await setFault(url, shardName(0), "hanging");
  return outcomeOf(await redeemAll(url, HANGING_REDEMPTIONS, null), 1);
}

async function redeemAll(
  url: string,
  redemptions: number,
  growingSinceMs: number | null,
): Promise<RedeemAnswer[]> {
  const answers: RedeemAnswer[] = [];
  let left = redemptions;
  const caller = async () => {
    while (left > 0) {
      left -= KEYS_PER_REQUEST;
      const names = Array.from({ length: KEYS_PER_REQUEST }, () => randomUUID());
      answers.push(await redeem(url, { names, growingSinceMs }));
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return answers;
}

function outcomeOf(answers: readonly RedeemAnswer[], faults: number): Outcome {
  const pairs = answers.flatMap(({ verdicts }) => verdicts);
  const withAccepted = (count: number) =>
    pairs.filter((pair) => pair.filter((verdict) => verdict === "accepted").length === count);
  const ms = answers.flatMap((answer) => answer.ms);
  return {
    redemptions: pairs.length,
    doubles: withAccepted(2).length,
    refusedGood: withAccepted(0).length,
    p50Ms: rounded(percentile(ms, 0.5), 0),
    p99Ms: rounded(percentile(ms, 0.99), 0),
    faults,
  };
}

/** Until the signal: one shard fails, is well again and gets what it missed, and so on. How often it did. */
async function failAtRandom(url: string, ended: AbortSignal): Promise<number> {
  let faults = 0;
  while (!ended.aborted) {
    const shard = shardName(Math.floor(Math.random() * SHARDS));
    const fault = FAULTS[faults % FAULTS.length] ?? "hanging";
    faults += 1;
    const until = Date.now() + FAILING_MS;
    // A shard that restarts forgets that it fails.
    while (Date.now() < until && !ended.aborted) {
      await setFault(url, shard, fault);
      await sleep(fault === "restarting" ? 50 : 500);
    }
    await setFault(url, shard, "well");
    await sleep(HEALING_MS, undefined, { signal: ended }).catch(() => {});
  }
  return faults;
}

async function setFault(url: string, shard: string, fault: Fault): Promise<void> {
  await fetch(`${url}/fault/${shard}/${fault}`, { method: "POST" });
}

async function redeem(url: string, call: RedeemCall): Promise<RedeemAnswer> {
  const response = await fetch(`${url}/redeem`, { method: "POST", body: JSON.stringify(call) });
  if (!response.ok) throw new Error(`the call was answered ${response.status}`);
  return response.json();
}
