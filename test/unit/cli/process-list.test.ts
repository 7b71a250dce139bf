import { spawn } from "node:child_process";
import os from "node:os";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  libraryProcesses,
  libraryProcessRow,
} from "../../../packages/cli/src/collectors/library-processes.ts";
import { parseUsers, processRow } from "../../../packages/cli/src/collectors/linux-processes.ts";
import { processList } from "../../../packages/cli/src/collectors/process-list.ts";
import { collect } from "./collecting.ts";

const clock = { bootSeconds: 1_000_000, uptimeSeconds: 300 };
// 1 s in user mode, 1 s in the kernel, started 100 s after boot: 2 s of 200 s is 1 %.
const stat = (name: string) =>
  `42 (${name}) S 7 42 42 0 -1 4194304 98 0 0 0 100 100 0 0 20 0 1 0 10000 3133440 390 18446744073709551615`;
const files = {
  stat: stat("nginx"),
  status: "Name:\tnginx\nUid:\t33\t33\t33\t33\nVmRSS:\t    2136 kB\n",
  commandLine: "nginx\0-g\0daemon off;\0",
};

describe("process.list", () => {
  it("finds this process and a child that it started", async () => {
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)", "sluice-marker"]);
    onTestFinished(() => void child.kill("SIGKILL"));

    const { rows } = await collect(processList);

    expect(rows).toContainEqual(expect.objectContaining({ pid: process.pid, ppid: process.ppid }));
    const found = rows.find(({ pid }) => pid === child.pid);
    expect(found).toMatchObject({ ppid: process.pid, user: os.userInfo().username });
    expect(found?.command).toContain("sluice-marker");
    expect(found?.memoryBytes).toBeGreaterThan(1024 ** 2);
    expect(Math.abs(Date.parse(String(found?.started)) - Date.now())).toBeLessThan(60_000);
  });

  it("sends no more rows than its limit", async () => {
    expect((await collect(processList, { limit: 1 })).rows).toHaveLength(1);
  });

  it("stops when the task is aborted", async () => {
    const aborted = AbortSignal.abort(new Error("cancelled"));
    await expect(collect(processList, {}, aborted)).rejects.toThrow("cancelled");
  });
});

describe("a process in /proc", () => {
  it("becomes a row", () => {
    expect(processRow(files, clock, parseUsers("root:x:0:0::/:\nwww-data:x:33:33::/:\n"))).toEqual({
      pid: 42,
      ppid: 7,
      name: "nginx",
      user: "www-data",
      command: "nginx -g daemon off;",
      cpuPercent: 1,
      memoryBytes: 2_187_264,
      started: new Date(1_000_100_000).toISOString(),
    });
  });

  it("may have a name that looks like the end of its name", () => {
    const row = processRow({ ...files, stat: stat("a) R 1 (b") }, clock, new Map());
    expect(row).toMatchObject({ name: "a) R 1 (b", ppid: 7 });
  });

  it("without a command line is a kernel thread, named in brackets and without memory", () => {
    const kernel = { ...files, commandLine: "", status: "Uid:\t0\t0\t0\t0\n" };
    const row = processRow(kernel, clock, new Map());
    expect(row).toMatchObject({ command: "[nginx]", memoryBytes: 0, user: "0" });
  });

  it("that is not understood is left out", () => {
    expect(processRow({ ...files, stat: "" }, clock, new Map())).toBeNull();
  });
});

describe("processes by the library, for systems without /proc", () => {
  it("include this process", async () => {
    const found = (await libraryProcesses()).find(({ pid }) => pid === process.pid);
    expect(found).toMatchObject({ ppid: process.ppid, user: os.userInfo().username });
    expect(found?.memoryBytes).toBeGreaterThan(1024 ** 2);
  });

  it("may lack a start time", () => {
    const found = { pid: 4, parentPid: 0, name: "System", user: "", command: "", params: "" };
    const unknown = { cpuu: 0, cpus: 0, mem: 0, priority: 0, nice: 0, tty: "", path: "" };
    const row = libraryProcessRow({
      ...found,
      ...unknown,
      cpu: 0.44,
      memVsz: 0,
      memRss: 2,
      started: "",
      state: "",
    });
    expect(row).toMatchObject({ pid: 4, cpuPercent: 0.4, memoryBytes: 2_048, started: null });
  });
});
