import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("mortal-agent-process.ts", import.meta.url));

/** A client that dies of some tasks and is started again on its journal each time, as a service would be. */
export interface MortalAgent {
  /** Processes so far. */
  readonly lives: number;
  /** How often a task ran, over all lives. */
  runs(task: string): number;
  /** Ends it for good and removes what it stored. */
  stop(): Promise<void>;
}

export async function keepAgentAlive(url: string, token: string): Promise<MortalAgent> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-mortal-"));
  const runs = join(folder, "runs.txt");
  const environment = {
    SLUICE_URL: url,
    SLUICE_TOKEN: token,
    JOURNAL: join(folder, "journal"),
    RUNS: runs,
  };
  let lives = 0;
  let isOver = false;
  let child: ChildProcess;
  const start = () => {
    lives += 1;
    child = spawn(process.execPath, [PROGRAM], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, ...environment },
    });
    child.once("exit", () => {
      if (!isOver) start();
    });
  };
  start();
  return {
    get lives() {
      return lives;
    },
    runs: (task) => linesOf(runs).filter((line) => line === task).length,
    stop: async () => {
      isOver = true;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
}
