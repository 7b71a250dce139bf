import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../scripts/demo.ts", import.meta.url));

let temporary: string;
let running: ChildProcess | undefined;
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "sluice-demo-test-"));
});
afterEach(async () => {
  if (running?.exitCode === null && running.signalCode === null) {
    running.kill("SIGTERM");
    await once(running, "exit");
  }
  await rm(temporary, { recursive: true, force: true });
});

function demo(...args: string[]): ChildProcess {
  running = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: temporary },
  });
  return running;
}

/** Folders of a demonstration; the runtime's own go with its process, a moment later. */
async function leftovers(): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => name.startsWith("sluice-demo-"));
}

test("run once it collects everything, compares, ends with 0 and leaves nothing behind", async () => {
  const child = demo("--once");
  let output = "";
  child.stdout?.on("data", (chunk) => {
    output += chunk;
  });
  expect(await once(child, "close")).toEqual([0, null]);
  expect(output.match(/done {4}█{20} 100% {2}100 of 100/g)).toHaveLength(2);
  expect(output).toMatch(/found no token +90 \(measured\) +0 \(measured\)/);
  expect(output).toMatch(/last one, after the last call +45 min \(computed\) +.* \(measured\)/);
  expect(output.trimEnd().split("\n").at(-1)).toBe(
    "All is well: 200 tasks done through Sluice, none lost.",
  );
  expect(await leftovers()).toEqual([]);
});

test("interrupted in the middle it takes its agent along and leaves nothing behind", async () => {
  const child = demo();
  const agentPid = await agentOf(child);
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([128 + constants.signals.SIGINT, null]);
  await expect.poll(() => isRunning(agentPid)).toBe(false);
  expect(await leftovers()).toEqual([]);
});

test("an argument that it does not know is answered with the usage", async () => {
  const child = demo("--twice");
  let errors = "";
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  expect(await once(child, "close")).toEqual([2, null]);
  expect(errors).toBe("usage: npm run demo [-- --once]\n");
});

/** Reads until an agent is shown; its process id. */
async function agentOf(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error("no output");
  for await (const line of createInterface(child.stdout)) {
    const [, pid] = /agent cl_\w+, process (\d+)/.exec(line) ?? [];
    if (pid) return Number(pid);
  }
  throw new Error("no agent was shown");
}

/** A process that has ended is listed until its parent takes note; where Linux shows it, it counts as ended. */
async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  if (/\) Z /.test(status)) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
