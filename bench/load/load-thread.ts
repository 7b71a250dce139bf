import { parentPort, workerData } from "node:worker_threads";
import { Connection } from "./connection.ts";
import type { LoadPlan, LoadResult } from "./plan.ts";

const SHOWN = 3;

/** Requests in a closed loop: each connection makes its next one when the last was answered. */
async function run(plan: LoadPlan): Promise<LoadResult> {
  const origin = new URL(plan.origin);
  const opening = Array.from({ length: plan.concurrency }, () => Connection.open(origin));
  const connections = await Promise.all(opening);
  const requests = plan.bodies.map((body) => requestOf(plan, origin, body));
  const latenciesMs: number[] = [];
  const others: string[] = [];
  let next = 0;
  const loop = async (connection: Connection) => {
    while (next < requests.length) {
      const request = requests[next++] ?? "";
      const askedAt = performance.now();
      const answer = await connection.exchange(request);
      latenciesMs.push(performance.now() - askedAt);
      if (!answer.includes(plan.expect)) others.push(answer);
    }
  };
  const beganAt = performance.now();
  await Promise.all(connections.map(loop));
  const seconds = (performance.now() - beganAt) / 1000;
  for (const connection of connections) connection.close();
  return {
    perSecond: requests.length / seconds,
    good: requests.length - others.length,
    others: others.slice(0, SHOWN),
    latenciesMs,
  };
}

function requestOf({ path, contentType, headers }: LoadPlan, { host }: URL, body: string): string {
  const fields = {
    host,
    "content-type": contentType,
    "content-length": Buffer.byteLength(body),
    ...headers,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return `POST ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
}

parentPort?.postMessage(await run(workerData));
