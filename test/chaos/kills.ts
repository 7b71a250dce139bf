import { parseArgs } from "node:util";
import { killRound, type RoundResult } from "./kill-round.ts";

const DEFAULTS = { rounds: 100, tasks: 10_000, kills: 3, seed: 1 };

/**
 * Runs many rounds, prints a line for each, and sums them up as JSON on the last line. Resolves to the number
 * of faults.
 */
export async function runKills(args: readonly string[]): Promise<number> {
  const { rounds, tasks, kills, seed } = readArguments(args);
  const results: RoundResult[] = [];
  console.log("  seed   tasks  kills    lost  repeated  redelivered  succeeded  seconds");
  for (let round = 0; round < rounds; round++) {
    const result = await killRound({ seed: seed + round, tasks, kills });
    results.push(result);
    console.log(line(result));
  }
  const summary = summarise(results);
  console.log(JSON.stringify(summary));
  return summary.lost + summary.repeated + summary.unfinished + summary.surplus;
}

function readArguments(args: readonly string[]): Record<keyof typeof DEFAULTS, number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string" },
      tasks: { type: "string" },
      kills: { type: "string" },
      seed: { type: "string" },
    },
  });
  const given = Object.entries(values).map(([name, text]) => [name, Number(text)] as const);
  if (given.some(([, value]) => !Number.isSafeInteger(value) || value < 0)) {
    throw new Error("npm run chaos -- kills [--rounds 100] [--tasks 10000] [--kills 3] [--seed 1]");
  }
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}

function line(result: RoundResult): string {
  return [
    String(result.seed).padStart(6),
    String(result.tasks).padStart(8),
    String(result.kills).padStart(7),
    String(result.lost).padStart(8),
    String(result.repeated).padStart(10),
    String(result.redelivered).padStart(13),
    String(result.succeeded).padStart(11),
    result.seconds.toFixed(1).padStart(9),
  ].join("");
}

function summarise(results: readonly RoundResult[]) {
  const sum = (of: (result: RoundResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  return {
    chaos: "kill-runtime",
    rounds: results.length,
    tasks: sum((result) => result.tasks),
    kills: sum((result) => result.kills),
    lost: sum((result) => result.lost),
    repeated: sum((result) => result.repeated),
    redelivered: sum((result) => result.redelivered),
    /** Ran, but the service does not know that they succeeded. */
    unfinished: sum((result) => result.tasks - result.succeeded),
    /** Tasks made twice in spite of their idempotency keys. */
    surplus: sum((result) => result.known - result.tasks),
    seconds: Math.round(sum((result) => result.seconds)),
  };
}
