import type { Report } from "./report.ts";

/** Tables for people: refusals by source, catch rates by family. */
export function printReport({ auc, threshold, sources, families }: Report): void {
  console.log(`AUC ${auc ?? "–"}, threshold ${threshold}\n`);
  console.log(row("people", "n", "refused", "mistaken"));
  for (const [name, { n, refused, mistaken }] of Object.entries(sources)) {
    console.log(row(name, `${n}`, percent(refused), percent(mistaken)));
  }
  console.log(`\n${row("scripts", "n", "caught", "at 1%", "in sequence")}`);
  for (const [name, { n, caught, caughtAt1pc, caughtInSequence }] of Object.entries(families)) {
    console.log(
      row(name, `${n}`, percent(caught), percent(caughtAt1pc), percent(caughtInSequence)),
    );
  }
  console.log();
}

export function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(28) + cells.map((cell) => cell.padStart(12)).join("");
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
