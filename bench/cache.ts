import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { V4ModuleDefinition } from "miniflare";
import { bundleOf } from "../scripts/bundle.ts";
import { storageFolder } from "./cache/storage-folder.ts";
import { type Findings, median, rounded } from "./report.ts";
import { type Asked, type Runtime, startRuntime } from "./workerd/runtime.ts";

const SITES = 70_000;
/** Sites published or loaded in one request, so that none takes minutes, and after how many to say so. */
const SITES_PER_REQUEST = 1_000;
const SITES_PER_NOTE = 10_000;
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
  const folder = await mkdtemp(join(storageFolder(), "sluice-cache-"));
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
  await inParts("published", (range) => ask(`/publish?${range}`));
  console.error("counting reads of KV");
  const freshness = await ask(`/freshness?sites=${WATCHED_SITES}`);
  const heapBefore = await heapBytes();
  const loads = await inParts("loaded", (range) => ask(`/load?${range}`));
  const heap = (await heapBytes()) - heapBefore;
  console.error("looking up");
  const lookupsPerSecond = await lookUps(runtime, 0);
  const withNamePerSecond = await lookUps(runtime, 1);
  return { loads, heap, lookupsPerSecond, withNamePerSecond, freshness: freshness.answer };
}

/** Does something with every site, a part at a time, and says how far it is. */
async function inParts(done: string, act: (range: string) => Promise<Asked>): Promise<Asked[]> {
  const parts: Asked[] = [];
  for (let from = 0; from < SITES; from += SITES_PER_REQUEST) {
    const until = Math.min(from + SITES_PER_REQUEST, SITES);
    parts.push(await act(`from=${from}&until=${until}`));
    if (until % SITES_PER_NOTE === 0) console.error(`${until} of ${SITES} sites ${done}`);
  }
  return parts;
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
    loads,
    heap,
    lookupsPerSecond,
    withNamePerSecond,
    freshness,
  }: Awaited<ReturnType<typeof measureWarm>>,
  coldMs: number,
): Findings {
  const held = loads.at(-1)?.answer.entries;
  const loadMs = loads.reduce((sum, { ms }) => sum + ms, 0);
  const kvReadsPerKey = freshness.kvReadsPerKey ?? Number.NaN;
  return {
    figures: {
      sites: held,
      loadMs: rounded(loadMs, 0),
      heapBytes: heap,
      estimatedBytes: loads.at(-1)?.answer.bytes,
      lookupsPerSecond: rounded(lookupsPerSecond, 0),
      withNamePerSecond: rounded(withNamePerSecond, 0),
      kvReadsPerKey,
      freshnessPeriodMs: freshness.periodMs,
      coldMs: rounded(coldMs, 1),
    },
    targets: [
      { figure: "sites", wanted: "70,000", met: held === SITES },
      {
        figure: "lookupsPerSecond",
        wanted: "at least 1,000,000",
        met: lookupsPerSecond >= 1_000_000,
      },
      { figure: "kvReadsPerKey", wanted: "1", met: kvReadsPerKey === 1 },
    ],
  };
}
