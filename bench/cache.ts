import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { V4ModuleDefinition } from "miniflare";
import { bundleOf } from "../scripts/bundle.ts";
import { type Runtime, startRuntime } from "./cache/runtime.ts";
import { type Findings, median, rounded } from "./report.ts";

const SITES = 70_000;
const LOOKUPS = 1_000_000;
const ROUNDS = 9;
const COLD_STARTS = 5;
/** Sites that are watched for ten periods, each asked for by several callers every second. */
const WATCHED_SITES = 200;
const WORKER = fileURLToPath(new URL("./cache/worker.ts", import.meta.url));

/**
 * The verification cache on workerd: what it takes to hold 70,000 sites, how fast it answers from memory,
 * how often it asks KV for a site in use, and how long the first look-up takes in a runtime just started.
 */
export async function run(): Promise<Findings> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-cache-"));
  const modules = await bundleOf(WORKER);
  try {
    const warm = await withRuntime(modules, folder, measureWarm);
    const cold: number[] = [];
    for (let round = 0; round < COLD_STARTS; round += 1) {
      cold.push(await withRuntime(modules, folder, (runtime) => measureCold(runtime, round)));
    }
    return findings(warm, median(cold));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withRuntime<Value>(
  modules: readonly V4ModuleDefinition[],
  folder: string,
  work: (runtime: Runtime) => Promise<Value>,
): Promise<Value> {
  const runtime = await startRuntime(modules, folder);
  try {
    return await work(runtime);
  } finally {
    await runtime.stop();
  }
}

async function measureWarm(runtime: Runtime) {
  const { ask, heapBytes } = runtime;
  await ask(`/publish?from=0&until=${SITES}`);
  const freshness = await ask(`/freshness?sites=${WATCHED_SITES}`);
  const heapBefore = await heapBytes();
  const load = await ask(`/load?sites=${SITES}`);
  const heap = (await heapBytes()) - heapBefore;
  const lookupsPerSecond = await lookUps(runtime, 0);
  const withNamePerSecond = await lookUps(runtime, 1);
  return { load, heap, lookupsPerSecond, withNamePerSecond, freshness: freshness.answer };
}

/** Look-ups a second of names at hand, or (`built` 1) of names that are put together anew. */
async function lookUps({ ask }: Runtime, built: 0 | 1): Promise<number> {
  const path = `/look-up?count=${LOOKUPS}&sites=${SITES}&built=${built}`;
  // Once unmeasured, in which the names are made.
  await ask(path);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { answer, ms } = await ask(path);
    if (answer.hits !== LOOKUPS) throw new Error(`${answer.hits} of ${LOOKUPS} look-ups hit`);
    rates.push(LOOKUPS / (ms / 1000));
  }
  return median(rates);
}

/** The first request to a runtime whose memory holds nothing: the record comes from KV. */
async function measureCold({ ask }: Runtime, site: number): Promise<number> {
  return (await ask(`/read?site=${site}`)).ms;
}

function findings(
  {
    load,
    heap,
    lookupsPerSecond,
    withNamePerSecond,
    freshness,
  }: Awaited<ReturnType<typeof measureWarm>>,
  coldMs: number,
): Findings {
  const kvReadsPerKey = freshness.kvReadsPerKey ?? Number.NaN;
  return {
    figures: {
      sites: load.answer.held,
      loadMs: rounded(load.ms, 0),
      heapBytes: heap,
      estimatedBytes: load.answer.bytes,
      lookupsPerSecond: rounded(lookupsPerSecond, 0),
      withNamePerSecond: rounded(withNamePerSecond, 0),
      kvReadsPerKey,
      freshnessPeriodMs: freshness.periodMs,
      coldMs: rounded(coldMs, 1),
    },
    targets: [
      { figure: "sites", wanted: "70,000", met: load.answer.held === SITES },
      {
        figure: "lookupsPerSecond",
        wanted: "at least 1,000,000",
        met: lookupsPerSecond >= 1_000_000,
      },
      { figure: "kvReadsPerKey", wanted: "1", met: kvReadsPerKey === 1 },
    ],
  };
}
