import type { V4ModuleDefinition } from "miniflare";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { WebSocket } from "ws";

const HOST = "127.0.0.1";
const WORKER = "benchmark";
const COMPATIBILITY_DATE = "2026-10-23";

/** What the Worker answered, and how long it took, ms. */
export interface Asked {
  readonly answer: Record<string, number>;
  readonly ms: number;
}

/** A Worker with KV on workerd, with its heap open to look at. */
export interface Runtime {
  /** Calls the Worker. */
  ask(path: string): Promise<Asked>;
  /** Bytes in use on the isolate's heap after a collection of garbage. */
  heapBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a Worker whose KV is in `folder`; what it stored there before is there again. */
export async function startRuntime(
  modules: readonly V4ModuleDefinition[],
  folder: string,
): Promise<Runtime> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: HOST,
      port: 0,
      cf: false,
      inspectorPort: 0,
      resourcePersistencePath: folder,
      isolatedResourcePersistencePath: folder,
      workers: [
        {
          name: WORKER,
          modules: [...modules],
          compatibilityDate: COMPATIBILITY_DATE,
          kvNamespaces: ["CACHE"],
          unsafeDirectSockets: [{ host: HOST, port: 0 }],
        },
      ],
    }),
  );
  const { origin } = await miniflare.unsafeGetDirectURL();
  const inspectorUrl = new URL(`/core:user:${WORKER}`, await miniflare.getInspectorURL());
  const inspector = await openInspector(inspectorUrl);
  return {
    ask: (path) => ask(origin + path),
    heapBytes: () => heapBytes(inspector, origin),
    async stop() {
      inspector.terminate();
      await miniflare.dispose();
    },
  };
}

async function ask(url: string): Promise<Asked> {
  const askedAt = performance.now();
  const response = await fetch(url);
  const text = await response.text();
  const ms = performance.now() - askedAt;
  if (!response.ok) throw new Error(`the Worker answered ${response.status}`);
  return { answer: JSON.parse(text) as Record<string, number>, ms };
}

/** Opens the isolate's inspector. One connection for all questions: a second one is not answered. */
async function openInspector(url: URL): Promise<WebSocket> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  return socket;
}

/** By the inspector's protocol: V8's HeapProfiler and Runtime domains. */
async function heapBytes(inspector: WebSocket, worker: string): Promise<number> {
  let collected = false;
  void command(inspector, "HeapProfiler.collectGarbage").then(() => {
    collected = true;
  });
  // An idle isolate collects when it serves a request.
  while (!collected) await fetch(worker).then((response) => response.arrayBuffer());
  const { usedSize } = await command(inspector, "Runtime.getHeapUsage");
  return usedSize ?? Number.NaN;
}

let lastId = 0;

function command(inspector: WebSocket, method: string): Promise<Record<string, number>> {
  lastId += 1;
  const id = lastId;
  return new Promise((resolve) => {
    const look = (data: unknown) => {
      const message = JSON.parse(String(data));
      if (message.id !== id) return;
      inspector.off("message", look);
      resolve(message.result);
    };
    inspector.on("message", look);
    inspector.send(JSON.stringify({ id, method }));
  });
}
