/** What a benchmark found: every figure by name, and remarks for people. */
export interface Findings {
  readonly figures: Readonly<Record<string, unknown>>;
  /** A target with whether it was met, for the table. */
  readonly targets?: readonly Target[];
}

export interface Target {
  readonly figure: string;
  readonly wanted: string;
  readonly met: boolean;
}

/** Prints a table for people and, as the last line, one JSON object with every figure. */
export function printFindings(bench: string, { figures, targets = [] }: Findings): void {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  console.log(`\n${bench}`);
  for (const [name, value] of Object.entries(figures)) {
    const target = targets.find(({ figure }) => figure === name);
    const verdict = target ? `  (wanted ${target.wanted}: ${target.met ? "met" : "MISSED"})` : "";
    console.log(`  ${name.padEnd(width)}  ${shown(value)}${verdict}`);
  }
  console.log(JSON.stringify({ bench, ...figures }));
}

/** Rounds to three significant decimals, for figures that go into a table. */
export function rounded(value: number, decimals = 3): number {
  return Number(value.toFixed(decimals));
}

/** The value below which `share` (0 to 1) of the samples lie, by the nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.max(0, Math.ceil(share * sorted.length) - 1);
  return sorted[rank] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

function shown(value: unknown): string {
  return typeof value === "number" ? value.toLocaleString("en-GB") : JSON.stringify(value);
}
