import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Operator } from "./operator.ts";

const PROGRAM = fileURLToPath(new URL("../../scripts/start.ts", import.meta.url));

let storage: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  storage = await mkdtemp(join(tmpdir(), "sluice-start-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
  }
  await rm(storage, { recursive: true, force: true });
});

function run(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [PROGRAM, "--storage", storage, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  return child;
}

/** What it prints on its way out, once it has gone with code 1. */
async function failed(child: ChildProcess): Promise<string> {
  const errors: string[] = [];
  child.stderr?.on("data", (chunk) => errors.push(String(chunk)));
  expect(await once(child, "close")).toEqual([1, null]);
  return errors.join("");
}

/** Reads what it prints until the operator key was shown. */
async function started(child: ChildProcess): Promise<{ url: string; key: string; demo: string }> {
  const shown: Record<string, string> = {};
  if (!child.stdout) throw new Error("no output");
  for await (const line of createInterface(child.stdout)) {
    const [, name, value] = /(to try out|SLUICE_URL|SLUICE_KEY)[:=] ?(\S+)/.exec(line) ?? [];
    if (name && value) shown[name] = value;
    if (shown.SLUICE_URL && shown.SLUICE_KEY) break;
  }
  const { SLUICE_URL: url = "", SLUICE_KEY: key = "", "to try out": demo = "" } = shown;
  return { url, key, demo };
}

test("the address and the key that it prints work as they are", async () => {
  const { url, key } = await started(run("--port", "0"));
  const { clientId } = await new Operator(url, key).enrol("laptop");
  expect(await new Operator(url, key).client(clientId)).toMatchObject({ name: "laptop" });
});

test("after Ctrl-C a second run has the port, the key and the clients of the first", async () => {
  const first = run("--port", "0");
  const before = await started(first);
  const { clientId } = await new Operator(before.url, before.key).enrol("laptop");
  first.kill("SIGINT");
  expect(await once(first, "exit")).toEqual([128 + constants.signals.SIGINT, null]);

  const after = await started(run("--port", new URL(before.url).port));
  expect(after).toMatchObject({ url: before.url, key: before.key });
  expect(await new Operator(after.url, after.key).client(clientId)).toMatchObject({ id: clientId });
});

test("a port that is taken is named, with the way out", async () => {
  const { url } = await started(run("--port", "0"));
  expect(await failed(run("--port", new URL(url).port))).toMatch(
    /^port \d+ is in use; choose another: npm start -- --port \d+\n$/,
  );
});

test("the demonstration is where it is wanted, and else where there is room", async () => {
  const elsewhere = (folder: string, ...args: string[]) =>
    run("--port", "0", "--storage", join(storage, folder), ...args);
  const usual = await started(elsewhere("a"));
  const other = elsewhere("b");
  const { demo } = await started(other);
  for (const url of [usual.demo, demo]) expect((await fetch(url)).status).toBe(200);
  expect(demo).not.toBe(usual.demo);
  const wanted = ["--demo-port", new URL(demo).port];
  expect(await failed(elsewhere("c", ...wanted))).toMatch(
    /^port \d+ is in use; choose another: npm start -- --demo-port \d+\n$/,
  );
  other.kill("SIGTERM");
  await once(other, "exit");
  expect((await started(elsewhere("c", ...wanted))).demo).toBe(demo);
});

test("an argument that does not fit is answered with the usage", async () => {
  const errors = await failed(run("--port=abc"));
  expect(errors).toContain("--port must be a number");
  expect(errors).toContain("npm start -- [--port 8787]");
});
