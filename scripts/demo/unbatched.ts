import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TaskSpec } from "@sluice/protocol";
import { AgentProcess } from "./agent-process.ts";
import { type Limiter, lastFrameMs } from "./limiter.ts";
import { UnbatchedServer } from "./unbatched-server.ts";

const OWNER_ONLY = 0o600;

/** What one frame per task comes to under a limiter. All but the last is measured. */
export interface UnbatchedFigures {
  readonly frames: number;
  /** Frames that found the limiter without a token. */
  readonly limiterTrips: number;
  /** Tasks that the agent had taken when the watch ended. */
  readonly delivered: number;
  readonly watchedMs: number;
  /** Computed from the limiter: when the last frame gets its token. */
  readonly lastDeliveryMs: number;
}

/**
 * Sends the tasks to a real agent in a frame each, and counts for `watchMs` what the agent's own limiter
 * lets in. `show` is called every second with how many that are.
 */
export async function runUnbatched(
  folder: string,
  specs: readonly TaskSpec[],
  plan: { readonly limiter: Limiter; readonly slots: number; readonly watchMs: number },
  show: (delivered: number, elapsedMs: number) => void,
): Promise<UnbatchedFigures> {
  const server = await UnbatchedServer.listen();
  const agent = await startAgent(folder, server.url, plan);
  const beganAtMs = performance.now();
  for (const spec of specs) server.send(spec);
  for (let elapsedMs = 0; elapsedMs < plan.watchMs; elapsedMs = performance.now() - beganAtMs) {
    show(server.acknowledged, elapsedMs);
    await sleep(Math.min(1_000, plan.watchMs - elapsedMs));
  }
  const figures = {
    frames: server.framesSent,
    limiterTrips: agent.count("limiter_tripped"),
    delivered: server.acknowledged,
    watchedMs: plan.watchMs,
    lastDeliveryMs: lastFrameMs(plan.limiter, specs.length),
  };
  await agent.stop();
  await server.close();
  return figures;
}

async function startAgent(
  folder: string,
  url: string,
  { limiter, slots }: { readonly limiter: Limiter; readonly slots: number },
): Promise<AgentProcess> {
  const stateDirectory = await mkdtemp(join(folder, "unbatched-"));
  const tokenFile = join(stateDirectory, "token");
  await writeFile(tokenFile, "ct_unbatched", { mode: OWNER_ONLY });
  return AgentProcess.start({ url, name: "unbatched", stateDirectory, tokenFile, slots, limiter });
}
