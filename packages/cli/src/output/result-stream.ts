import type { ResultRow } from "@sluice/protocol";
import { plainJson } from "./plain-text.ts";
import { resultTable } from "./result-rows.ts";
import type { Terminal } from "./terminal.ts";

/** Rows of one table; more begin another, so that results of any size can be printed. */
const TABLE_ROWS = 1_000;

/** Prints rows as they arrive: JSON lines `{part, index, row}` for scripts, tables for people. */
export async function printRows(
  rows: AsyncIterable<ResultRow>,
  terminal: Terminal,
  json: boolean,
): Promise<void> {
  let gathered: ResultRow["row"][] = [];
  for await (const found of rows) {
    if (json) {
      terminal.print(plainJson(found));
      continue;
    }
    gathered.push(found.row);
    if (gathered.length < TABLE_ROWS) continue;
    terminal.print(...resultTable(gathered, terminal.width));
    gathered = [];
  }
  if (gathered.length > 0) terminal.print(...resultTable(gathered, terminal.width));
}
