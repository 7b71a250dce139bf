import { setTimeout as sleep } from "node:timers/promises";
import { PING, SUBPROTOCOL } from "@sluice/protocol";
import { WebSocket } from "ws";

/*
 * The clients of the `idle` benchmark, in a process of their own: each says hello and then nothing but
 * its heartbeat. What arrives is told with the time at which it came.
 */

/** What the benchmark asks for. */
export interface ToSockets {
  readonly type: "connect";
  readonly url: string;
  readonly tokens: readonly string[];
  readonly perSecond: number;
}

/** What it is told; `atMs` is in ms since 1970, with fractions. */
export type ToBench =
  | { readonly type: "connected" }
  | { readonly type: "batch"; readonly atMs: number };

const HEARTBEAT_MS = 30_000;

const HELLO = JSON.stringify({ type: "hello", agent: "bench/1.0", running: [] });

process.on("message", async ({ url, tokens, perSecond }: ToSockets) => {
  const beganAt = performance.now();
  const welcomed: Promise<void>[] = [];
  for (const [index, token] of tokens.entries()) {
    const dueAt = beganAt + (index / perSecond) * 1_000;
    await sleep(Math.max(0, dueAt - performance.now()));
    welcomed.push(connect(url, token));
  }
  await Promise.all(welcomed);
  tell({ type: "connected" });
});

/** Opens a socket and says hello; resolves when the welcome has come. */
function connect(url: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const address = `${url.replace(/^http/, "ws")}/v1/connect`;
  const socket = new WebSocket(address, SUBPROTOCOL, { headers, perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.on("open", () => {
      socket.send(HELLO);
      setInterval(() => socket.send(PING), HEARTBEAT_MS);
    });
    socket.on("message", (data) => {
      const atMs = performance.timeOrigin + performance.now();
      const text = data.toString();
      if (text.startsWith('{"type":"welcome"')) resolve();
      if (text.startsWith('{"type":"batch"')) tell({ type: "batch", atMs });
    });
    socket.on("error", reject);
    socket.on("close", (code) => reject(new Error(`closed with ${code}`)));
  });
}

function tell(message: ToBench): void {
  process.send?.(message);
}
