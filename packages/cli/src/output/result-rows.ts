import type { JsonValue } from "@sluice/protocol";
import { plainJson } from "./plain-text.ts";
import { type Column, table } from "./table.ts";

/** Columns of one table; a row with more fields shows the rest as JSON. */
const MOST_COLUMNS = 12;

/**
 * Draws result rows of a task as a table. Rows of one task may have different fields (a hash, or the
 * error that took its place), so the columns are all fields in the order in which they first appear.
 */
export function resultTable(rows: readonly JsonValue[], width: number): string[] {
  const fields = [...new Set(rows.flatMap((row) => (isRecord(row) ? Object.keys(row) : [])))];
  if (fields.length === 0) return rows.map((row) => plainJson(row));
  const shown = fields.slice(0, MOST_COLUMNS);
  const columns: Column<JsonValue>[] = shown.map((field) => ({
    title: titleOf(field),
    align: rows.every((row) => isNumeric(fieldOf(row, field))) ? "right" : "left",
    cell: (row) => cellText(fieldOf(row, field)),
  }));
  const rest = fields.slice(MOST_COLUMNS);
  if (rest.length > 0) columns.push({ title: "…", cell: (row) => restText(row, rest) });
  return table(columns, rows, width);
}

/** `memoryBytes` reads `MEMORY BYTES`. */
function titleOf(field: string): string {
  return field.replace(/([a-z])([A-Z])/g, "$1 $2").toUpperCase();
}

function fieldOf(row: JsonValue, field: string): JsonValue | undefined {
  if (isRecord(row)) return Object.hasOwn(row, field) ? row[field] : undefined;
  return undefined;
}

function restText(row: JsonValue, fields: readonly string[]): string {
  return fields.flatMap((field) => `${field}=${cellText(fieldOf(row, field))}`).join(" ");
}

function cellText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? plainJson(value) : String(value);
}

function isNumeric(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || typeof value === "number";
}

function isRecord(value: JsonValue): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
