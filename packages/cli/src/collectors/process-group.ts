import { type ChildProcessByStdio, spawn } from "node:child_process";
import { parse } from "node:path";
import type { Readable } from "node:stream";

/** Nothing of the agent's own environment is handed on: it may hold secrets. */
const MINIMAL_ENVIRONMENT: Readonly<Record<string, string>> =
  process.platform === "win32"
    ? { SystemRoot: process.env.SystemRoot ?? "C:\\Windows" }
    : { PATH: "/usr/bin:/bin", LANG: "C.UTF-8" };

/** A child without standard input, whose output is ours to read. */
export type PipedChild = ChildProcessByStdio<null, Readable, Readable>;

/** Starts a program in a process group of its own: no shell, no standard input. */
export function spawnGroup(program: string, args: readonly string[]): PipedChild {
  return spawn(program, args, {
    // Nobody but the administrator can put a file there for the program to find.
    cwd: parse(program).root,
    env: MINIMAL_ENVIRONMENT,
    stdio: ["ignore", "pipe", "pipe"],
    shell: false,
    windowsHide: true,
    // On POSIX the child leads a process group, by which its whole tree is reached.
    detached: process.platform !== "win32",
  });
}

/** Kills a child and all that it started. Safe to call when some or all of them have ended. */
export function killGroup(child: PipedChild): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    spawn("taskkill", ["/pid", String(child.pid), "/t", "/f"], { stdio: "ignore" }).on(
      "error",
      () => child.kill("SIGKILL"),
    );
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group is empty: all of it has ended.
  }
}
