import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { V4ModuleDefinition, V4WorkerOptions } from "miniflare";
import { convertV4MiniflareOptions, Miniflare, MiniflareCoreError } from "miniflare";
import {
  type Unstable_Config,
  unstable_getMiniflareWorkerOptions,
  unstable_readConfig,
} from "wrangler";
import { loadBundle, WRANGLER_CONFIG } from "./bundle.ts";
import { memoryLimits, type RateLimit } from "./memory-limits.ts";
import { RuntimeWatch, takeTurns } from "./runtime-watch.ts";

const HOST = "127.0.0.1";
/** The Worker's name within the runtime. */
const WORKER = "sluice";

export interface ServiceOptions {
  /** 0 (the default) takes a free port. */
  readonly port?: number;
  /** Folder for all that is stored; without it storage ends with the service. */
  readonly persistTo?: string;
  readonly keyRing: string;
  readonly adminSecret: string;
  /** Requests per period, by the binding's name in wrangler.toml; the others stay as they are. */
  readonly rateLimits?: Readonly<Record<string, number>>;
  /** Takes what the runtime and the Worker log; by default warnings and errors go to stderr. */
  readonly onLog?: (line: RuntimeLogLine) => void;
  /** Modules to run in place of the project's Worker, main module first. */
  readonly modules?: readonly V4ModuleDefinition[];
}

/** One line of the runtime's log; `timestamp` in milliseconds. */
export interface RuntimeLogLine {
  readonly timestamp: number;
  readonly level: string;
  readonly message: string;
}

/** A service that runs on this machine. */
export interface Service {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Process id of the runtime at this moment. */
  readonly workerdPid: number;
  /** The objects of a class, by its binding's name in wrangler.toml, for looking at one from outside. */
  objects(binding: string): ReturnType<Miniflare["getDurableObjectNamespace"]>;
  /**
   * Drops the object with this name from memory, as the platform does with one that sleeps. Its sockets stay
   * open and wake it again.
   */
  evict(className: string, name: string): Promise<void>;
  /** Ends the service; what it stored under `persistTo` stays. */
  stop(): Promise<void>;
  /** Ends the runtime with SIGKILL, as a crash would; resolves once it is gone. */
  kill(): Promise<void>;
}

/** The port is in use by another program. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
  readonly port: number;
  constructor(port: number) {
    super(`port ${port} is in use`);
    this.port = port;
  }
}

/**
 * Runs the Worker and its objects on workerd, on 127.0.0.1 only, with the bundle and the bindings of
 * wrangler.toml. Throws `PortTakenError` when the port is in use. A runtime that dies while the
 * service runs is started again on the same port and storage.
 *
 * Built on miniflare rather than on wrangler's `createTestHarness()`: the harness puts a proxy Worker
 * before every request, keeps no storage from one run to the next and does not say which process
 * workerd is. Miniflare's own entry is a forwarding Worker too (936 requests a second through it,
 * 2,257 straight to the Worker), so requests come in by a socket that workerd opens for the Worker
 * itself (`unsafeDirectSockets`).
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const modules = options.modules ?? (await loadBundle());
  if (options.persistTo !== undefined) await mkdir(options.persistTo, { recursive: true });
  return takeTurns(() => start(options, modules));
}

async function start(
  options: ServiceOptions,
  modules: readonly V4ModuleDefinition[],
): Promise<Service> {
  const watch = new RuntimeWatch();
  const miniflare = new Miniflare(miniflareOptions(options, modules));
  try {
    const direct = await miniflare.unsafeGetDirectURL();
    watch.newestPid();
    return running(miniflare, watch, direct);
  } catch (error) {
    watch.stopWatching();
    // What failed is told once: disposing of a start that failed tells it again.
    await miniflare.dispose().catch(() => undefined);
    throw isAddressInUse(error) ? new PortTakenError(options.port ?? 0) : error;
  }
}

function running(miniflare: Miniflare, watch: RuntimeWatch, direct: URL): Service {
  const stop = async () => {
    watch.stopWatching();
    await miniflare.dispose();
  };
  const kill = async () => {
    process.kill(watch.newestPid(), "SIGKILL");
    await stop();
  };
  return {
    url: direct.origin,
    port: Number(direct.port),
    get workerdPid() {
      return watch.newestPid();
    },
    objects: (binding) => miniflare.getDurableObjectNamespace(binding),
    evict: (className, name) =>
      miniflare.unsafeEvictDurableObject(WORKER, className, { name, webSockets: "hibernate" }),
    stop,
    kill,
  };
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof MiniflareCoreError && error.code === "ERR_ADDRESS_IN_USE";
}

function miniflareOptions(options: ServiceOptions, modules: readonly V4ModuleDefinition[]) {
  const { port = 0, persistTo, onLog = printTroubles } = options;
  const storage = persistTo === undefined ? undefined : resolve(persistTo);
  const { limits, ...worker } = workerOptions(options);
  return convertV4MiniflareOptions({
    host: HOST,
    port: 0,
    cf: false,
    handleStructuredLogs: onLog,
    ...(storage && { resourcePersistencePath: storage, isolatedResourcePersistencePath: storage }),
    workers: [
      {
        ...worker,
        modules: [entryModule(modules, limits), ...modules],
        unsafeDirectSockets: [{ host: HOST, port }],
      },
    ],
  });
}

/** What is read here of wrangler's own types, which its package leaves unresolved. */
type WorkerConfig = Unstable_Config & {
  readonly ratelimits: readonly RateLimit[];
};
interface MiniflareOptions {
  readonly workerOptions: Partial<V4WorkerOptions>;
}

/** Name, date, flags and bindings from wrangler.toml; the secrets and the rate limits from the options. */
function workerOptions({ keyRing, adminSecret, rateLimits = {} }: ServiceOptions) {
  // Left in, the list of secrets sends wrangler looking for them in files and variables.
  const { secrets: _, ...config }: WorkerConfig = unstable_readConfig({ config: WRANGLER_CONFIG });
  const ratelimits = config.ratelimits.map(({ simple, ...binding }) => {
    return { ...binding, simple: { ...simple, limit: rateLimits[binding.name] ?? simple.limit } };
  });
  const { workerOptions }: MiniflareOptions = unstable_getMiniflareWorkerOptions({
    ...config,
    ratelimits,
  });
  return {
    ...workerOptions,
    limits: ratelimits,
    name: WORKER,
    rootPath: dirname(WRANGLER_CONFIG),
    bindings: { ...workerOptions.bindings, KEY_RING: keyRing, ADMIN_SECRET: adminSecret },
  };
}

/**
 * Stands before the Worker: lends it rate limits that count in memory, and puts into the log the one failure
 * on which the runtime is silent.
 */
function entryModule(
  [main]: readonly V4ModuleDefinition[],
  limits: readonly RateLimit[],
): V4ModuleDefinition {
  const worker = JSON.stringify(`./${main?.path}`);
  const contents = `
    addEventListener("unhandledrejection", (event) => {
      console.error("unhandled rejection:", event.reason?.stack ?? event.reason);
    });
    import worker from ${worker};
    export * from ${worker};
    ${memoryLimits(limits)}
    let lent = null;
    const lend = (env) => (lent ??= { ...env, ...limits });
    const handlers = {};
    for (const name of ["fetch", "scheduled"]) {
      const handle = worker[name];
      if (handle) handlers[name] = (event, env, ctx) => handle.call(worker, event, lend(env), ctx);
    }
    export default handlers;`;
  return { type: "ESModule", path: "entry.js", contents };
}

/**
 * Whether a line tells of a fault. workerd marks with NOSENTRY what its own operators need not look at,
 * such as an alarm that was moved while it was about to fire.
 */
export function isTrouble({ level, message }: RuntimeLogLine): boolean {
  return (level === "error" || level === "warn") && !message.startsWith("NOSENTRY ");
}

function printTroubles(line: RuntimeLogLine): void {
  if (isTrouble(line)) console.error(line.message);
}
