import { formatRecord, type RecordKey } from "../../durable-objects/registry/rpc.ts";
import { type RecordStore, VerificationCache } from "../../workers/cache/index.ts";
import { countReads, measureFreshness } from "./freshness.ts";
import { type NumberedSite, nameOf, recordOf, siteOf } from "./sites.ts";

export * from "../../workers/index.ts";

interface Env {
  readonly CACHE: KVNamespace & RecordStore;
}

/** Writes to KV that are on their way at a time. */
const WRITERS = 64;
/** Look-ups in the order of these many random numbers, over and over. */
const ORDER = 1 << 20;

let cache: VerificationCache | null = null;

/** The isolate's cache, as the front makes it; its clock can be turned back. */
function cacheOf({ CACHE }: Env, ctx: ExecutionContext): VerificationCache {
  const waitUntil = (work: Promise<unknown>) => ctx.waitUntil(work);
  cache ??= new VerificationCache({ kv: CACHE, now: () => Date.now() - behindMs, waitUntil });
  return cache;
}

let loadedFromMs: number | null = null;
let behindMs = 0;

/**
 * Turns the cache's clock back to where it stood at the first load. Else a machine that takes a minute to load
 * would look up records that are due to be read again, and so measure KV.
 */
function turnClockBack(): void {
  loadedFromMs ??= Date.now();
  behindMs = Date.now() - loadedFromMs;
}

/** Loads sites into memory; answers how many came, and what is held. */
async function load(from: number, until: number, held: VerificationCache) {
  const names = Array.from({ length: until - from }, (_, site) => nameOf(siteOf(from + site)));
  return { loaded: await held.bulkWarm(names), ...held.size };
}

/** Publishes sites, as the registry would. */
async function publish(from: number, until: number, { CACHE }: Env): Promise<void> {
  let next = from;
  const write = async () => {
    while (next < until) {
      const number = next++;
      await CACHE.put(nameOf(siteOf(number)), formatRecord(recordOf(number)));
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
}

/** Looks sites up in random order; answers the hits. `built`: each name is put together anew. */
function lookUp(count: number, held: VerificationCache, known: Known, built: boolean): number {
  const { sites, names, order } = known;
  let hits = 0;
  for (let index = 0; index < count; index += 1) {
    const number = order[index % order.length] ?? 0;
    const site = sites[number];
    const name = built && site !== undefined ? nameOf(site) : names[number];
    if (name !== undefined && held.peek(name)?.ok) hits += 1;
  }
  return hits;
}

/** Sites with their names, and an order in which to ask for them. */
interface Known {
  readonly sites: readonly NumberedSite[];
  readonly names: readonly RecordKey<"site">[];
  readonly order: Uint32Array;
}

let known: Known | null = null;

/** Made once: other strings than the cache's own, as a request's would be. */
function knownSites(count: number): Known {
  if (known?.sites.length === count) return known;
  const sites = Array.from({ length: count }, (_, number) => siteOf(number));
  const order = Uint32Array.from({ length: ORDER }, () => Math.random() * count);
  known = { sites, names: sites.map(nameOf), order };
  return known;
}

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const number = (name: string) => Number(searchParams.get(name));
    const held = cacheOf(env, ctx);
    switch (pathname) {
      case "/publish":
        await publish(number("from"), number("until"), env);
        return Response.json({});
      case "/load":
        turnClockBack();
        return Response.json(await load(number("from"), number("until"), held));
      case "/look-up":
        turnClockBack();
        return Response.json({
          hits: lookUp(number("count"), held, knownSites(number("sites")), number("built") === 1),
        });
      case "/read":
        return Response.json({ ok: (await held.read(nameOf(siteOf(number("site"))))).ok });
      case "/freshness":
        return Response.json(await measureFreshness(countReads(env.CACHE), number("sites")));
      default:
        return new Response(null, { status: 404 });
    }
  },
};
