import { PowBlock, type PowSpec } from "@sluice/protocol";
import { isComplete, NEW_SEARCH, type Search, searchOn, seedBytes } from "./slices.ts";

/** Long enough to cost nothing, short enough that progress is told about ten times a second. */
const TRIES_A_SLICE = 100_000;

/**
 * The program of the Web Worker: takes one proof of work, tells each puzzle's solution as `Search`, and is
 * ended by its page.
 */
addEventListener("message", ({ data }: MessageEvent<PowSpec>) => {
  const block = new PowBlock(seedBytes(data));
  let search: Search = NEW_SEARCH;
  while (!isComplete(search, data)) {
    const found = searchOn(search, data, block, TRIES_A_SLICE);
    if (found.nonces.length > search.nonces.length) postMessage(found);
    search = found;
  }
});
