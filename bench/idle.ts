import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { enrolMany } from "../test/harness/enrol-many.ts";
import type { Enrolled } from "../test/harness/operator.ts";
import { type Running, runSluice } from "../test/harness/running.ts";
import type { ToBench, ToSockets } from "./idle-sockets.ts";
import { type Findings, percentile, rounded } from "./report.ts";

/*
 * Measured: what the runtime's process needs for each client that is connected and asleep, and how long a
 * call takes from its start to its task at a client whose object has to wake for it. Calls are made one
 * after the other: this is the time of a wake, not of a crowd.
 *
 * A process does not give memory back that it once used, so the fleet connects at a steady pace: from the
 * time on when as many objects fall asleep as are woken, what the process grows by is what sleepers need.
 * `bytesPerClient` is that growth over the second half of the fleet; `bytesPerAwake` is the growth over
 * its first clients, none of which is asleep yet. Descriptors are counted when all are asleep.
 *
 * Not measured: the kernel's memory for sockets, the network (all is on one machine, without TLS), and
 * Cloudflare's own runtime around workerd, whose memory for a sleeping object is not the account's.
 */

const CLIENTS = 5_000;
const SLEEPERS_CALLED = 500;
/** The first clients, of which none is asleep when the last of them has connected. */
const FIRST_CLIENTS = 500;
/**
 * Clients that connect in a second. An object that is awake holds five descriptors and one that sleeps
 * two, and stays awake for twenty seconds: thus five thousand fit into the usual limit of 20,000.
 */
const PER_SECOND = 100;
/** Ten seconds until the alarm of the hello, ten more until an object is put to sleep, and some. */
const FALL_ASLEEP_MS = 25_000;
const SOCKETS_PROGRAM = fileURLToPath(new URL("idle-sockets.ts", import.meta.url));

interface Footprint {
  readonly residentBytes: number;
  readonly descriptors: number;
}

/** Thousands of clients that are connected and asleep, and the waking of some. */
export async function run(): Promise<Findings> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-idle-"));
  try {
    const fleet = await enrolFleet(folder);
    const running = await runSluice({ persistTo: folder });
    const sockets = fork(SOCKETS_PROGRAM, { stdio: "inherit" });
    try {
      return await measure(running, fleet, sockets);
    } finally {
      sockets.kill();
      await running.service.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function enrolFleet(persistTo: string): Promise<readonly Enrolled[]> {
  const running = await runSluice({ persistTo });
  try {
    return await enrolMany(running, CLIENTS);
  } finally {
    await running.service.stop();
  }
}

async function measure(
  running: Running,
  fleet: readonly Enrolled[],
  sockets: ChildProcess,
): Promise<Findings> {
  const { workerdPid } = running.service;
  const half = fleet.length / 2;
  const fresh = await footprint(workerdPid);
  const first = await connect(running, fleet.slice(0, FIRST_CLIENTS), sockets);
  const middle = await connect(running, fleet.slice(FIRST_CLIENTS, half), sockets);
  const last = await connect(running, fleet.slice(half), sockets);
  await sleep(FALL_ASLEEP_MS);
  const asleep = await footprint(workerdPid);
  const wakeMs = await wakeSome(running, fleet, sockets);
  return {
    figures: {
      clients: fleet.length,
      bytesPerClient: Math.round((last.residentBytes - middle.residentBytes) / half),
      bytesPerAwake: Math.round((first.residentBytes - fresh.residentBytes) / FIRST_CLIENTS),
      fdsPerClient: rounded((asleep.descriptors - fresh.descriptors) / fleet.length, 2),
      fdsMost: last.descriptors,
      wakeP50Ms: rounded(percentile(wakeMs, 0.5), 1),
      wakeP99Ms: rounded(percentile(wakeMs, 0.99), 1),
    },
  };
}

/** Connects some of the fleet at the steady pace; answers the runtime's footprint after it. */
async function connect(
  { service }: Running,
  members: readonly Enrolled[],
  sockets: ChildProcess,
): Promise<Footprint> {
  const tokens = members.map(({ token }) => token);
  tell(sockets, { type: "connect", url: service.url, tokens, perSecond: PER_SECOND });
  await heard(sockets, "connected");
  return footprint(service.workerdPid);
}

/** Schedules one task at each of some clients, in turn; answers the times from call to frame, ms. */
async function wakeSome(
  running: Running,
  fleet: readonly Enrolled[],
  sockets: ChildProcess,
): Promise<readonly number[]> {
  const wakeMs: number[] = [];
  const every = Math.floor(fleet.length / SLEEPERS_CALLED);
  for (let n = 0; n < SLEEPERS_CALLED; n += 1) {
    const { clientId } = fleet[n * every] ?? { clientId: "" };
    const arrived = heard(sockets, "batch");
    const calledAt = performance.timeOrigin + performance.now();
    await running.operator.schedule(clientId, [{ kind: "bench.wake" }]);
    const { atMs } = await arrived;
    wakeMs.push(atMs - calledAt);
  }
  return wakeMs;
}

async function footprint(pid: number): Promise<Footprint> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const [, kibibytes = "NaN"] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  const descriptors = (await readdir(`/proc/${pid}/fd`)).length;
  return { residentBytes: Number(kibibytes) * 1024, descriptors };
}

function tell(sockets: ChildProcess, message: ToSockets): void {
  sockets.send(message);
}

/** The next message of a type; throws when the process of the sockets has ended instead. */
async function heard<Type extends ToBench["type"]>(
  sockets: ChildProcess,
  type: Type,
): Promise<Extract<ToBench, { type: Type }>> {
  const ended = new AbortController();
  const end = () => ended.abort(new Error("the process of the sockets has ended"));
  sockets.once("exit", end);
  try {
    for (;;) {
      const [message]: ToBench[] = await once(sockets, "message", { signal: ended.signal });
      if (message?.type === type) return message as Extract<ToBench, { type: Type }>;
    }
  } finally {
    sockets.off("exit", end);
  }
}
