import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { bundleOf } from "../scripts/bundle.ts";
import { operatorKey } from "../test/builders/keys.ts";
import { type Running, runSluice } from "../test/harness/running.ts";
import { newRows, storedRows } from "./forged/stored-rows.ts";
import { runGoodLoad } from "./load/generator.ts";
import type { LoadResult } from "./load/plan.ts";
import { BARE_WORKER, READING_WORKER } from "./redeem/bare.ts";
import { ledgerRows } from "./redeem/ledger-rows.ts";
import { PEERS, type PeerName } from "./redeem/peers/plan.ts";
import { startPeer } from "./redeem/peers/start-peer.ts";
import { type BenchSite, openSite, passesOf, solutionsOf, VISITOR_HEADERS } from "./redeem/site.ts";
import { type Findings, median, percentile, rounded } from "./report.ts";

/**
 * All take turns in every round, so that a machine that drifts decides nothing. Rounds are short, so that no
 * object sleeps between its turns, as none does in a service that is in use.
 */
const ROUNDS = 15;
const REQUESTS = 1_000;
const WARM_UP_REQUESTS = 2_000;
/** A peer is a new process each time and has to get warm as well. */
const PEER_ROUNDS = 3;
const PEER_REQUESTS = 3_000;
/** Under load, for counting rows. */
const ROW_REQUESTS = 3_000;
const CONCURRENCY = 64;
/** Flows of one visitor after the other, with nothing else going on. */
const LONE_FLOWS = 30;
const ABANDONED_CHALLENGES = 100;
/** Until whatever is to be stored soon is stored. */
const SETTLING_MS = 5_000;
const SINGLE_OBJECT = fileURLToPath(new URL("./redeem/single/worker.ts", import.meta.url));
const JSON_TYPE = "application/json";
const SUCCESS = '"success":true';

/** What is measured, by its name: one load of so many requests. */
type Contestants = Readonly<Record<string, (requests: number) => Promise<LoadResult>>>;

/**
 * Solve and siteverify over HTTP on workerd, beside a Worker that answers `ok`, one that only reads the call, the
 * same siteverify on one object, and other verifiers behind Node's HTTP server, which keep nothing durably.
 */
export async function run(): Promise<Findings> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-redeem-"));
  const bare = await runSluice({ modules: BARE_WORKER });
  const reading = await runSluice({ modules: READING_WORKER });
  const single = await withOperator(await runSluice({ modules: await bundleOf(SINGLE_OBJECT) }));
  const sluice = await runSluice({ persistTo: folder });
  const started = [bare, reading, single, sluice];
  try {
    const site = await openSite(sluice);
    const contestants: Contestants = {
      bareWorker: bareLoad(bare),
      siteverify: siteverifyLoad(sluice, site),
      forged: forgedLoad(sluice, site),
      readingWorker: forgedLoad(reading, site, '"success":true'),
      singleObject: siteverifyLoad(single, await openSite(single)),
      solve: solveLoad(sluice, site),
    };
    const peers: Contestants = Object.fromEntries(PEERS.map((name) => [name, peerLoad(name)]));
    for (const load of Object.values(contestants)) await load(WARM_UP_REQUESTS);
    const results = await takeTurns(contestants, ROUNDS, REQUESTS);
    const peerResults = await takeTurns(peers, PEER_ROUNDS, PEER_REQUESTS);
    const rows = await countRows(sluice, site, folder);
    return findings(new Map([...results, ...peerResults]), rows);
  } finally {
    for (const { service } of started) await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function withOperator(running: Running): Promise<Running> {
  return { ...running, operatorKey: await operatorKey(running.service.url) };
}

async function takeTurns(
  contestants: Contestants,
  rounds: number,
  requests: number,
): Promise<Map<string, LoadResult[]>> {
  const results = new Map<string, LoadResult[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, load] of Object.entries(contestants)) {
      results.set(name, [...(results.get(name) ?? []), await load(requests)]);
    }
  }
  return results;
}

const postsTo = (origin: string, path: string, bodies: readonly string[], expect: string) =>
  ({ origin, path, contentType: JSON_TYPE, bodies, concurrency: CONCURRENCY, expect }) as const;

const verifyBodies = ({ secret }: BenchSite, passes: readonly string[]) =>
  passes.map((response) => JSON.stringify({ secret, response }));

/** The bodies are those of siteverify, which a bare Worker does not look at. */
function bareLoad({ service }: Running) {
  return async (requests: number) => {
    const bodies = Array.from({ length: requests }, (_, n) => `${n}`.padStart(700, "x"));
    return runGoodLoad(postsTo(service.url, "/", bodies, "ok"));
  };
}

function siteverifyLoad({ service }: Running, site: BenchSite) {
  return async (requests: number) => {
    const bodies = verifyBodies(site, await passesOf(site, requests));
    return runGoodLoad(postsTo(service.url, "/siteverify", bodies, SUCCESS));
  };
}

/** Passes that nobody minted, with the site's genuine secret. */
function forgedLoad({ service }: Running, site: BenchSite, expect = "invalid-input-response") {
  return async (requests: number) => {
    const passes = await passesOf(site, requests);
    const bodies = verifyBodies(
      site,
      passes.map((pass) => `${pass.slice(0, -8)}AAAAAAAA`),
    );
    return runGoodLoad(postsTo(service.url, "/siteverify", bodies, expect));
  };
}

function solveLoad({ service }: Running, site: BenchSite) {
  return async (requests: number) => {
    const bodies = await solutionsOf(site, requests);
    const plan = postsTo(service.url, "/v1/verify/solve", bodies, '"verdict":"pass"');
    return runGoodLoad({ ...plan, headers: VISITOR_HEADERS });
  };
}

/** A peer is started anew for every load: what it remembers is in memory alone. */
function peerLoad(name: PeerName) {
  return async (requests: number) => {
    const peer = await startPeer(name, requests);
    const bodies = peer.tokens.map((response) => JSON.stringify({ response }));
    try {
      return await runGoodLoad(postsTo(peer.origin, "/", bodies, SUCCESS));
    } finally {
      peer.stop();
    }
  };
}

interface Rows {
  readonly rowsPerPass: number;
  readonly rowsPerPassLoaded: number;
  readonly rowsPerAbandonedChallenge: number;
}

async function countRows(running: Running, site: BenchSite, folder: string): Promise<Rows> {
  const { service } = running;
  await sleep(SETTLING_MS);
  const began = await ledgerRows(service);
  for (const solution of await solutionsOf(site, LONE_FLOWS))
    await flow(service.url, site, solution);
  await sleep(SETTLING_MS);
  const lone = await ledgerRows(service);
  await siteverifyLoad(running, site)(ROW_REQUESTS);
  await sleep(SETTLING_MS);
  const loaded = await ledgerRows(service);
  const stored = storedRows(folder);
  for (let n = 0; n < ABANDONED_CHALLENGES; n += 1) await abandon(service.url, site);
  await sleep(SETTLING_MS);
  return {
    rowsPerPass: rounded((lone - began) / LONE_FLOWS, 2),
    rowsPerPassLoaded: rounded((loaded - lone) / ROW_REQUESTS, 3),
    rowsPerAbandonedChallenge: newRows(stored, storedRows(folder)).length / ABANDONED_CHALLENGES,
  };
}

/** One visitor: the solution, and at once the pass. */
async function flow(url: string, site: BenchSite, solution: string): Promise<void> {
  const solved = await call(`${url}/v1/verify/solve`, solution, VISITOR_HEADERS);
  const [body = ""] = verifyBodies(site, [JSON.parse(solved).pass]);
  const verified = await call(`${url}/siteverify`, body);
  if (!verified.includes(SUCCESS)) throw new Error(`a pass was refused: ${verified}`);
}

async function abandon(url: string, { sitekey }: BenchSite): Promise<void> {
  await call(`${url}/v1/verify/challenge`, JSON.stringify({ sitekey }), VISITOR_HEADERS);
}

async function call(url: string, body: string, headers: object = {}): Promise<string> {
  const sent = { "content-type": JSON_TYPE, ...headers };
  const response = await fetch(url, { method: "POST", headers: sent, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`the call was answered ${response.status}: ${text}`);
  return text;
}

function findings(results: ReadonlyMap<string, LoadResult[]>, rows: Rows): Findings {
  const perSecond = (name: string) =>
    rounded(median((results.get(name) ?? []).map((result) => result.perSecond)), 0);
  /** Of the requests of all rounds. */
  const latencyMs = (name: string, share: number) => {
    const all = (results.get(name) ?? []).flatMap((result) => result.latenciesMs);
    return rounded(percentile(all, share), 1);
  };
  /** Round by round, so that both sides have seen the same machine. */
  const ratio = (name: string, other: string) => {
    const others = results.get(other) ?? [];
    const shares = (results.get(name) ?? []).map(
      (result, round) => result.perSecond / (others[round]?.perSecond ?? Number.NaN),
    );
    return rounded(median(shares));
  };
  const ratios = {
    ratio: ratio("siteverify", "bareWorker"),
    singleObjectRatio: ratio("siteverify", "singleObject"),
    forgedRatio: ratio("forged", "bareWorker"),
    readingRatio: ratio("readingWorker", "bareWorker"),
  };
  const p99Ms = latencyMs("siteverify", 0.99);
  const { rowsPerPass, rowsPerPassLoaded, rowsPerAbandonedChallenge } = rows;
  return {
    figures: {
      bareWorkerPerSecond: perSecond("bareWorker"),
      singleObjectPerSecond: perSecond("singleObject"),
      solvePerSecond: perSecond("solve"),
      siteverifyPerSecond: perSecond("siteverify"),
      forgedPerSecond: perSecond("forged"),
      readingWorkerPerSecond: perSecond("readingWorker"),
      ...ratios,
      p50Ms: latencyMs("siteverify", 0.5),
      p99Ms,
      bareP99Ms: latencyMs("bareWorker", 0.99),
      peers: Object.fromEntries(PEERS.map((name) => [name, perSecond(name)])),
      ...rows,
      requests: ROUNDS * REQUESTS,
    },
    targets: [
      { figure: "ratio", wanted: "at least 0.3", met: ratios.ratio >= 0.3 },
      { figure: "singleObjectRatio", wanted: "above 1", met: ratios.singleObjectRatio > 1 },
      { figure: "forgedRatio", wanted: "at least 0.8", met: ratios.forgedRatio >= 0.8 },
      { figure: "p99Ms", wanted: "under 100", met: p99Ms < 100 },
      { figure: "rowsPerPass", wanted: "at most 2", met: rowsPerPass <= 2 },
      { figure: "rowsPerPassLoaded", wanted: "below 1", met: rowsPerPassLoaded < 1 },
      {
        figure: "rowsPerAbandonedChallenge",
        wanted: "0",
        met: rowsPerAbandonedChallenge === 0,
      },
    ],
  };
}
