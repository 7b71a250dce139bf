import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { bundleOf } from "../scripts/bundle.ts";
import { operatorKey } from "../test/builders/keys.ts";
import { runSluice } from "../test/harness/running.ts";
import type { KeyKind } from "../workers/keys/index.ts";
import type { CallCounts } from "./forged/count-calls.ts";
import { foreignSitekeys, forgeKeys } from "./forged/forge-keys.ts";
import type { Presented } from "./forged/presented.ts";
import { newRows, pendingAlarms, storedRows } from "./forged/stored-rows.ts";
import { type Findings, median, rounded } from "./report.ts";

const KEYS = 100_000;
/** Keys presented in one request, so that HTTP is a small part of the time. */
const KEYS_PER_REQUEST = 10_000;
const KV_READS = 2_000;
/** The longest wait until the objects that the set-up woke are at rest; their last alarm is 15 s behind it. */
const SETTLING_MS = 120_000;
const LOOK_EVERY_MS = 250;
/** Of a row that was written, the characters that are shown. */
const SHOWN_OF_ROW = 300;
const WORKER = fileURLToPath(new URL("./forged/worker.ts", import.meta.url));

interface Flood {
  readonly name: string;
  readonly kind: KeyKind;
  readonly keys: () => readonly string[] | Promise<readonly string[]>;
}

const FLOODS: readonly Flood[] = [
  ...(["operator", "enrolment", "client", "site", "siteSecret"] as const).map((kind) => {
    return { name: kind, kind, keys: () => forgeKeys(kind, KEYS) };
  }),
  { name: "foreignSite", kind: "site", keys: () => foreignSitekeys(KEYS) },
];

/** How fast one flood was turned away, and how fast KV was read right after it. */
interface Rates {
  readonly name: string;
  readonly opened: number;
  readonly perSecond: number;
  readonly kvPerSecond: number;
}

/**
 * Forged keys of every kind, and sitekeys of a deployment with another ring, through the front's own
 * check on workerd: what of it reaches KV, an object or storage, and how many checks a second there
 * are beside look-ups that go to KV.
 */
export async function run(): Promise<Findings> {
  const persistTo = await mkdtemp(join(tmpdir(), "sluice-forged-"));
  const { service } = await runSluice({ modules: await bundleOf(WORKER), persistTo });
  try {
    return await measure(service.url, persistTo);
  } finally {
    await service.stop();
    await rm(persistTo, { recursive: true, force: true });
  }
}

async function measure(url: string, folder: string): Promise<Findings> {
  // One genuine key first: it shows that what is counted can be seen.
  const genuine = await present(url, "operator", [await operatorKey(url)]);
  const rowsBefore = await rowsAtRest(folder);
  const rates: Rates[] = [];
  for (const flood of FLOODS) rates.push(await turnAway(url, flood));
  const { calls } = await present(url, "operator", forgeKeys("operator", 1));
  const written = newRows(rowsBefore, storedRows(folder));
  for (const row of written) console.error(`a row was written: ${row.slice(0, SHOWN_OF_ROW)}`);
  const traces = { ...callsSince(genuine.calls, calls), rowsWritten: written.length };
  return findings(rates, traces, genuine);
}

/**
 * What is stored once nothing of the set-up is left to be written: the account's object sets an alarm behind
 * each commit, and serving it writes a row.
 */
async function rowsAtRest(folder: string): Promise<ReadonlySet<string>> {
  const giveUpAt = performance.now() + SETTLING_MS;
  console.error("waiting until the last alarm of the set-up has gone off");
  for (;;) {
    const rows = storedRows(folder);
    if (rows.size === 0) throw new Error("the storage could not be looked at");
    const ahead = pendingAlarms(rows);
    if (ahead.length === 0) return rows;
    if (performance.now() > giveUpAt) throw new Error(`still to go off: ${ahead.join("; ")}`);
    await sleep(LOOK_EVERY_MS);
  }
}

async function turnAway(url: string, { name, kind, keys }: Flood): Promise<Rates> {
  const forged = await keys();
  const beganAt = performance.now();
  let opened = 0;
  for (let first = 0; first < forged.length; first += KEYS_PER_REQUEST) {
    const answer = await present(url, kind, forged.slice(first, first + KEYS_PER_REQUEST));
    opened += answer.opened;
  }
  const perSecond = forged.length / ((performance.now() - beganAt) / 1000);
  return { name, opened, perSecond, kvPerSecond: await readUncached(url) };
}

/** Reads KV under names that were never read before; answers reads a second. */
async function readUncached(url: string): Promise<number> {
  const names = Array.from({ length: KV_READS }, () => randomBytes(16).toString("hex"));
  const beganAt = performance.now();
  await post(`${url}/kv`, names);
  return KV_READS / ((performance.now() - beganAt) / 1000);
}

async function present(url: string, kind: KeyKind, keys: readonly string[]): Promise<Presented> {
  return JSON.parse(await post(`${url}/present/${kind}`, keys));
}

async function post(url: string, lines: readonly string[]): Promise<string> {
  const response = await fetch(url, { method: "POST", body: lines.join("\n") });
  const text = await response.text();
  if (!response.ok) throw new Error(`the call was answered ${response.status}`);
  return text;
}

/** Calls of the bindings between two looks at their counters. */
function callsSince(before: CallCounts, after: CallCounts) {
  const calls = (...names: readonly string[]) =>
    names.reduce((sum, name) => sum + (after[name] ?? 0) - (before[name] ?? 0), 0);
  return {
    kvReads: calls("CACHE"),
    objectCalls: calls("CLIENT", "REGISTRY", "LEDGER"),
    limiterCalls: calls("ADDRESS_LIMIT", "KEY_LIMIT", "SITE_LIMIT", "CLIENT_LIMIT"),
  };
}

function findings(
  rates: readonly Rates[],
  traces: ReturnType<typeof callsSince> & { readonly rowsWritten: number },
  genuine: Presented,
): Findings {
  const perSecond = median(rates.map((rate) => rate.perSecond));
  const kvPerSecond = median(rates.map((rate) => rate.kvPerSecond));
  const opened = rates.reduce((sum, rate) => sum + rate.opened, 0);
  const counted = { opened, ...traces };
  return {
    figures: {
      checks: rates.length * KEYS,
      ...counted,
      perSecond: rounded(perSecond, 0),
      kvPerSecond: rounded(kvPerSecond, 0),
      ratio: rounded(perSecond / kvPerSecond, 1),
      perKind: Object.fromEntries(
        rates.map(({ name, perSecond }) => [name, rounded(perSecond, 0)]),
      ),
      genuineOpened: genuine.opened,
      genuineKvReads: genuine.calls.CACHE,
    },
    targets: [
      ...Object.entries(counted).map(([figure, count]) => ({
        figure,
        wanted: "0",
        met: count === 0,
      })),
      { figure: "genuineKvReads", wanted: "1", met: genuine.calls.CACHE === 1 },
    ],
  };
}
