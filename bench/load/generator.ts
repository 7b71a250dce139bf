import { Worker } from "node:worker_threads";
import type { LoadPlan, LoadResult } from "./plan.ts";

const THREAD = new URL("./load-thread.ts", import.meta.url);
const SHOWN = 300;

/**
 * Makes the requests of a plan and measures them, on a thread of its own, so that nothing else which this
 * process does shows in the figures.
 */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const thread = new Worker(THREAD, { workerData: plan });
  return new Promise((resolve, reject) => {
    thread.once("message", resolve).once("error", reject);
  });
}

/** As {@link runLoad}, where every answer has to be a good one. */
export async function runGoodLoad(plan: LoadPlan): Promise<LoadResult> {
  const result = await runLoad(plan);
  if (result.good === plan.bodies.length) return result;
  const bad = plan.bodies.length - result.good;
  throw new Error(
    `${bad} of ${plan.bodies.length} were not answered well: ${result.others[0]?.slice(-SHOWN)}`,
  );
}
