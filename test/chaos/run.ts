import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { WHOLE_SEARCHES } from "../builders/search-size.ts";
import { runKills } from "./kills.ts";

const USAGE =
  "npm run chaos [-- searches | kills [--rounds 100] [--tasks 10000] [--kills 3] [--seed 1]]";

/** The tests that search at random or through every state; they say so by their `searchSize`. */
const SEARCHES = [
  "test/unit/client/model/",
  "test/unit/ledger/exploration/",
  "test/unit/verify/dialects/random-bodies.test.ts",
  "test/unit/verify/fuzz.test.ts",
  "test/unit/workers/fuzz-routes.test.ts",
  "test/harness/bad-frames.test.ts",
  "test/harness/bad-requests.test.ts",
  "test/harness/verify/fuzz.test.ts",
];

/** Runs those tests at their full size. Resolves to the number of faults: none or one. */
async function runSearches(): Promise<number> {
  const vitest = join(
    createRequire(import.meta.url).resolve("vitest/package.json"),
    "../vitest.mjs",
  );
  const child = spawn(process.execPath, [vitest, "run", ...SEARCHES], {
    stdio: "inherit",
    env: { ...process.env, [WHOLE_SEARCHES]: "1" },
  });
  const [exitCode] = await once(child, "exit");
  return exitCode === 0 ? 0 : 1;
}

/** What `npm test` has no time for: the searches at full size, then runtimes killed in a hundred bursts. */
async function main([which, ...args]: readonly string[]): Promise<number> {
  switch (which) {
    case undefined:
      return (await runSearches()) + (await runKills([]));
    case "searches":
      return runSearches();
    case "kills":
      return runKills(args);
    default:
      throw new Error(USAGE);
  }
}

process.exitCode = (await main(process.argv.slice(2))) === 0 ? 0 : 1;
