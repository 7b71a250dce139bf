import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleOf } from "../../scripts/bundle.ts";
import { RuntimeWatch } from "../../scripts/runtime-watch.ts";
import { type Runtime, startRuntime } from "../workerd/runtime.ts";

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));
/** How often a request has all tracks scored, and how many requests are measured: seconds, beside ticks of 10 ms. */
const ROUNDS = 40;
const REQUESTS = 20;
const WARM_UP_REQUESTS = 4;
/** Linux counts processes' time in these. */
const TICK_US = 10_000;

/**
 * Microseconds of workerd's processor time that one track takes in the whole score as it is deployed: those of
 * requests that score many, less those of requests that only make the tracks.
 */
export async function workerdUs(tracks: number, seed: number): Promise<number> {
  const modules = await bundleOf(WORKER);
  const folder = await mkdtemp(join(tmpdir(), "sluice-score-"));
  const watch = new RuntimeWatch();
  const runtime = await startRuntime(modules, folder);
  const path = (rounds: number) => `/?count=${tracks}&seed=${seed}&rounds=${rounds}`;
  try {
    const pid = watch.newestPid();
    await ask(runtime, path(ROUNDS), WARM_UP_REQUESTS);
    const start = await processorUsOf(pid);
    await ask(runtime, path(0), REQUESTS);
    const made = await processorUsOf(pid);
    await ask(runtime, path(ROUNDS), REQUESTS);
    const scored = await processorUsOf(pid);
    return (scored - made - (made - start)) / (tracks * ROUNDS * REQUESTS);
  } finally {
    watch.stopWatching();
    await runtime.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function ask(runtime: Runtime, path: string, times: number): Promise<void> {
  for (let request = 0; request < times; request += 1) await runtime.ask(path);
}

/** Of all its threads; from Linux's /proc, fields 14 and 15 of `stat` (proc_pid_stat(5)). */
async function processorUsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The second field is a name in parentheses, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}
