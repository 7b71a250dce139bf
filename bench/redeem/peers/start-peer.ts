import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { PeerName, PeerReady } from "./plan.ts";

const PROCESS = fileURLToPath(new URL("./peer-process.ts", import.meta.url));

/** Starts a peer in a process of its own, with so many tokens. The caller stops it. */
export async function startPeer(
  name: PeerName,
  count: number,
): Promise<PeerReady & { stop(): void }> {
  const child = fork(PROCESS, [name, String(count)]);
  const ready = await new Promise<PeerReady>((resolve, reject) => {
    child.once("message", (message) => resolve(message as PeerReady));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
  });
  return { ...ready, stop: () => void child.kill() };
}
