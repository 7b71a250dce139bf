import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { V4ModuleDefinition } from "miniflare";
import { WebSocket } from "ws";
import { bundleOf } from "../scripts/bundle.ts";
import { operatorKey } from "../test/builders/keys.ts";
import { Operator } from "../test/harness/operator.ts";
import { runSluice } from "../test/harness/running.ts";
import { BARE_FORWARDER } from "./forwarder/bare.ts";
import { type Findings, median, rounded } from "./report.ts";

const CALLS = 200;
/** Before the clock starts: a runtime that was just started has not compiled what it runs most. */
const WARM_UP_CALLS = 60;
const TASKS_PER_CALL = 1_000;
const TASKS = CALLS * TASKS_PER_CALL;
/** Calls under way at a time: enough to keep the runtime busy, few enough to stay under the quota. */
const CALLERS = 4;
/** Sluice and the baseline run in turn, so that both see the same machine. */
const ROUNDS = 3;
const PATIENCE_MS = 120_000;
const FORWARDER_ENTRY = fileURLToPath(new URL("./forwarder/worker.ts", import.meta.url));

/** One way of carrying the same calls to one connected client. */
interface Carrier {
  readonly callUrl: string;
  readonly headers: Record<string, string>;
  /** Connects; `onFrame` is called with each text that comes. */
  connect(onFrame: (text: string, socket: WebSocket) => void): Promise<WebSocket>;
  /** How many tasks a frame carries. */
  count(text: string, socket: WebSocket): number;
  stop(): Promise<void>;
}

/**
 * Tasks per second from the first call until the last task has come, of three Workers in turn:
 * - Sluice;
 * - the baseline: the same front, and an object that forwards the same frames and stores nothing;
 * - bare: a Worker and an object that pass the body of the call on unread. What it leaves out besides
 *   storing (keys, limits, checks, frames) is no cost of durability, but it is the ceiling.
 */
export async function run(): Promise<Findings> {
  const body = callBody();
  const forwarder = await bundleOf(FORWARDER_ENTRY);
  const sluice: number[] = [];
  const baseline: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    baseline.push(await measure(await dispatcher(forwarder), body));
    sluice.push(await measure(await dispatcher(), body));
    bare.push(await measure(await bareForwarder(), body));
  }
  const ratio = medianRatio(sluice, baseline);
  return {
    figures: {
      tasksPerSecond: rounded(median(sluice), 0),
      baselinePerSecond: rounded(median(baseline), 0),
      ratio,
      barePerSecond: rounded(median(bare), 0),
      bareRatio: medianRatio(sluice, bare),
      tasks: TASKS,
      bytesPerCall: body.length,
    },
    targets: [{ figure: "ratio", wanted: "at least 0.6", met: ratio >= 0.6 }],
  };
}

/** The ratio of two series, round by round, so that a machine that drifts does not decide it. */
function medianRatio(series: readonly number[], other: readonly number[]): number {
  return rounded(median(series.map((value, round) => value / (other[round] ?? value))));
}

/** A thousand tasks of about 190 bytes each. */
function callBody(): string {
  const tasks = Array.from({ length: TASKS_PER_CALL }, (_, number) => ({
    kind: "bench.collect",
    args: {
      number,
      artifact: "System.Processes.List",
      pattern: "C:\\Users\\*\\AppData\\Local\\**\\*.exe",
      maxRows: 10_000,
      columns: ["pid", "name", "path", "sha256", "started"],
    },
  }));
  return JSON.stringify({ tasks });
}

async function measure(carrier: Carrier, body: string): Promise<number> {
  let received = 0;
  const socket = await carrier.connect((text, self) => {
    received += carrier.count(text, self);
  });
  const carry = async (calls: number) => {
    const wanted = received + calls * TASKS_PER_CALL;
    const beganAt = performance.now();
    await call(carrier, body, calls);
    while (received < wanted && performance.now() - beganAt < PATIENCE_MS) await sleep(1);
    if (received !== wanted) throw new Error(`${wanted - received} tasks did not come`);
    return (performance.now() - beganAt) / 1000;
  };
  await carry(WARM_UP_CALLS);
  const seconds = await carry(CALLS);
  socket.close();
  await carrier.stop();
  return TASKS / seconds;
}

/** Makes so many calls, a few at a time, and reads their answers. */
async function call({ callUrl, headers }: Carrier, body: string, calls: number): Promise<void> {
  let left = calls;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      const response = await fetch(callUrl, { method: "POST", headers, body });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`the call was answered ${response.status}`);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

async function dispatcher(modules?: readonly V4ModuleDefinition[]): Promise<Carrier> {
  const running = await runSluice(modules && { modules });
  const { url } = running.service;
  const key = await operatorKey(url);
  const { clientId, token } = await new Operator(url, key).enrol("throughput");
  let epoch = 0;
  return {
    callUrl: `${url}/v1/clients/${clientId}/tasks`,
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
    },
    async connect(onFrame) {
      const socket = await open(`${url}/v1/connect`, { authorization: `Bearer ${token}` }, onFrame);
      const capacity = { burst: 1e9, perSecond: 1e9, tokens: 1e9, slots: 100_000 };
      const welcome = new Promise((resolve) => socket.once("message", resolve));
      socket.send(JSON.stringify({ type: "hello", agent: "bench/1.0", capacity }));
      epoch = JSON.parse(String(await welcome)).epoch;
      return socket;
    },
    count(text, socket) {
      const frame = JSON.parse(text);
      if (frame.type !== "batch") return 0;
      const capacity = { burst: 1e9, perSecond: 1e9, tokens: 1e9, slots: 100_000 };
      socket.send(JSON.stringify({ type: "ack", epoch, seq: frame.seq, capacity }));
      return frame.tasks.length;
    },
    stop: () => running.service.stop(),
  };
}

async function bareForwarder(): Promise<Carrier> {
  const { service } = await runSluice({ modules: BARE_FORWARDER });
  return {
    callUrl: `${service.url}/forward`,
    headers: { "content-type": "application/json" },
    connect: (onFrame) => open(service.url, {}, onFrame),
    count: (text) => JSON.parse(text).tasks.length,
    stop: () => service.stop(),
  };
}

async function open(
  url: string,
  headers: Record<string, string>,
  onFrame: (text: string, socket: WebSocket) => void,
): Promise<WebSocket> {
  const socket = new WebSocket(url.replace(/^http/, "ws"), {
    headers,
    perMessageDeflate: false,
    maxPayload: 0,
  });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  socket.on("message", (data) => onFrame(String(data), socket));
  return socket;
}
