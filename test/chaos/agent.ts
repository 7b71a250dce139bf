import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Enrolled } from "../harness/operator.ts";

const PROGRAM = fileURLToPath(new URL("agent-process.ts", import.meta.url));

/** A client process and the file in which its handler leaves a line for each run of a task. */
export interface Agent {
  /** How often each task ran, by its number. */
  runs(): Promise<Map<number, number>>;
  /** Ends the process with SIGKILL; starting one on the same folder takes up its journal. */
  kill(): Promise<void>;
}

/** Starts a client process that keeps its journal and its marks in `folder`. */
export function startAgent(url: string, enrolled: Enrolled, folder: string): Agent {
  const effects = join(folder, "effects.txt");
  const child = spawn(process.execPath, [PROGRAM], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      SLUICE_URL: url,
      SLUICE_TOKEN: enrolled.token,
      JOURNAL: join(folder, "journal"),
      EFFECTS: effects,
    },
  });
  return { runs: () => countRuns(effects), kill: () => killChild(child) };
}

async function countRuns(path: string): Promise<Map<number, number>> {
  const runs = new Map<number, number>();
  for (const line of (await readFile(path, "utf8")).split("\n")) {
    if (line !== "") runs.set(Number(line), (runs.get(Number(line)) ?? 0) + 1);
  }
  return runs;
}

async function killChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
