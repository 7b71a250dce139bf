import type { UnseenFamily } from "./leave-out.ts";
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

/** What networks caught of families that they had not seen, and their means. */
export function printUnseen(found: Readonly<Record<string, UnseenFamily>>): void {
  const rows = Object.entries(found);
  const mean = (of: (family: UnseenFamily) => number | undefined): string => {
    const shares = rows.map(([, family]) => of(family)).filter((share) => share !== undefined);
    return shares.length > 0 ? percent(shares.reduce((a, b) => a + b, 0) / shares.length) : "–";
  };
  console.log(row("family left out", "at 1%", "as shipped"));
  for (const [name, { caughtAt1pc, caughtAtShipped: shipped }] of rows) {
    console.log(row(name, percent(caughtAt1pc), shipped === undefined ? "–" : percent(shipped)));
  }
  console.log(
    row(
      "mean",
      mean((f) => f.caughtAt1pc),
      mean((f) => f.caughtAtShipped),
    ),
  );
  console.log();
}

/** A table of shares of people. */
export function printRefused(title: string, refused: Readonly<Record<string, number>>): void {
  console.log(row(title, "refused"));
  for (const [name, share] of Object.entries(refused)) console.log(row(name, percent(share)));
  console.log();
}

export function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(28) + cells.map((cell) => cell.padStart(12)).join("");
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
