import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import {
  PortTakenError,
  type RuntimeLogLine,
  type Service,
  type ServiceOptions,
  startService,
} from "../../scripts/service.ts";
import { COUNTING_WORKER } from "./counting-worker.ts";

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function start(options: Partial<ServiceOptions> = {}): Promise<Service> {
  const secrets = { keyRing: "ring", adminSecret: "admin" };
  const service = await startService({ ...secrets, modules: COUNTING_WORKER, ...options });
  undo.push(() => service.stop());
  return service;
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "sluice-test-"));
  undo.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function get(service: Service, path: string): Promise<string> {
  return (await fetch(service.url + path)).text();
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("what was stored is there after SIGKILL and a start on the same port and folder", async () => {
  const persistTo = await folder();
  const first = await start({ persistTo });
  expect(await get(first, "/count")).toBe("1");
  await first.kill();
  const second = await start({ persistTo, port: first.port });
  expect(second.url).toBe(first.url);
  expect(await get(second, "/count")).toBe("2");
});

test("without a folder nothing outlives the service", async () => {
  const first = await start();
  await get(first, "/count");
  await first.stop();
  expect(await get(await start(), "/count")).toBe("1");
});

test("a runtime that dies is started again on the same port and storage", async () => {
  const service = await start();
  expect(await get(service, "/count")).toBe("1");
  const dead = service.workerdPid;
  process.kill(dead, "SIGKILL");
  await vi.waitFor(async () => expect(await get(service, "/count")).toBe("2"), 60_000);
  expect(service.workerdPid).not.toBe(dead);
});

test("services side by side know their own runtimes", async () => {
  const services = await Promise.all([start(), start(), start()]);
  const pids = new Set(services.map((service) => service.workerdPid));
  expect(pids.size).toBe(3);
  await services[1].kill();
  expect(await get(services[0], "/count")).toBe("1");
  expect(await get(services[2], "/count")).toBe("1");
});

test("no runtime is left behind by stop or by kill", async () => {
  const [stopped, killed] = await Promise.all([start(), start()]);
  const pids = [stopped.workerdPid, killed.workerdPid];
  expect(pids.map(isRunning)).toEqual([true, true]);
  await stopped.stop();
  await killed.kill();
  expect(pids.map(isRunning)).toEqual([false, false]);
});

test("a port in use is named in the error", async () => {
  const { port } = await start();
  await expect(start({ port })).rejects.toEqual(new PortTakenError(port));
});

test("it listens on 127.0.0.1 alone", async () => {
  const { port } = await start();
  await expect(fetch(`http://[::1]:${port}/count`)).rejects.toThrow("fetch failed");
});

test("secrets come from the options, rate limits too where they name one", async () => {
  const service = await start({ rateLimits: { CLIENT_LIMIT: 2 } });
  expect(await get(service, "/secrets")).toBe("ring admin");
  const answers = [];
  for (let call = 0; call < 3; call++) answers.push(JSON.parse(await get(service, "/limit")));
  expect(answers).toEqual([{ success: true }, { success: true }, { success: false }]);
});

test("a rejection that nobody handles is logged as an error", async () => {
  const lines: RuntimeLogLine[] = [];
  const service = await start({ onLog: (line) => lines.push(line) });
  await get(service, "/reject");
  await vi.waitFor(() => expect(lines).toHaveLength(1), 60_000);
  expect(lines[0]).toMatchObject({
    level: "error",
    message: expect.stringContaining("unhandled rejection: Error: nobody awaits this"),
  });
});
