import { PowBlock, type PowSpec } from "@sluice/protocol";
import { isComplete, NEW_SEARCH, progressOf, type Search, searchOn, seedBytes } from "./slices.ts";

/** A slice on the page's own thread: a millisecond or two, so that scrolling stays smooth. */
const TRIES_A_SLICE = 2_000;

export interface Proving {
  /** Source of the worker's program. */
  readonly workerSource: string;
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Solves a proof of work in a Web Worker, and where there can be none (a policy without `blob:`, an old
 * browser), in slices on this thread with pauses between them. Both find the same nonces. Rejects when it
 * is aborted.
 */
export async function prove(spec: PowSpec, proving: Proving): Promise<readonly number[]> {
  return (await proveInWorker(spec, proving)) ?? proveHere(spec, proving);
}

/** Null when no worker could be started. */
function proveInWorker(spec: PowSpec, proving: Proving): Promise<readonly number[] | null> {
  const address = URL.createObjectURL(
    new Blob([proving.workerSource], { type: "text/javascript" }),
  );
  return new Promise((resolve, reject) => {
    const worker = startWorker(address);
    if (worker === null) return resolve(null);
    const end = (settle: () => void) => {
      worker.terminate();
      URL.revokeObjectURL(address);
      settle();
    };
    worker.onmessage = ({ data }: MessageEvent<Search>) => {
      proving.onProgress(progressOf(data, spec));
      if (isComplete(data, spec)) end(() => resolve(data.nonces));
    };
    // What a policy forbids is told here, after the worker was made.
    worker.onerror = (event) => {
      event.preventDefault();
      end(() => resolve(null));
    };
    proving.signal.addEventListener("abort", () => end(() => reject(proving.signal.reason)));
    worker.postMessage(spec);
  });
}

function startWorker(address: string): Worker | null {
  try {
    return new Worker(address);
  } catch {
    return null;
  }
}

async function proveHere(spec: PowSpec, proving: Proving): Promise<readonly number[]> {
  const block = new PowBlock(seedBytes(spec));
  let search = NEW_SEARCH;
  while (!isComplete(search, spec)) {
    proving.signal.throwIfAborted();
    const found = searchOn(search, spec, block, TRIES_A_SLICE);
    if (found.nonces.length > search.nonces.length) proving.onProgress(progressOf(found, spec));
    search = found;
    await pause();
  }
  return search.nonces;
}

/** Lets the page do what is due, without the 4 ms that nested timers are made to wait. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
