import { fail, isJsonObject, ok, type Result } from "@sluice/protocol";
import type { JournalRecord } from "./record.ts";

/** Per type of entry, the fields that must be lists and those that must be whole numbers. */
const SHAPES: {
  readonly [Type in JournalRecord["type"]]: {
    readonly lists: readonly string[];
    readonly integers: readonly string[];
  };
} = {
  batch: { lists: ["fresh", "adopted"], integers: [] },
  started: { lists: ["ids"], integers: [] },
  released: { lists: ["ids"], integers: [] },
  dropped: { lists: ["ids"], integers: [] },
  items: { lists: ["items"], integers: ["at"] },
  report: { lists: [], integers: ["seq", "count"] },
  reported: { lists: [], integers: ["seq"] },
  counters: { lists: [], integers: ["nextReportSeq"] },
  held: { lists: ["tasks"], integers: [] },
  finished: { lists: ["tasks"], integers: [] },
};

/**
 * Reads one stored entry. The journal is this program's own writing, so what is looked for is a torn or
 * overwritten entry, not malice: JSON, a known type, and its lists and numbers in place.
 */
export function parseRecord(text: string): Result<JournalRecord, "damaged"> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail("damaged");
  }
  return isRecord(value) ? ok(value) : fail("damaged");
}

function isRecord(value: unknown): value is JournalRecord {
  if (!isJsonObject(value)) return false;
  const shape = Object.entries(SHAPES).find(([type]) => type === value.type)?.[1];
  if (shape === undefined) return false;
  return (
    shape.lists.every((field) => Array.isArray(value[field])) &&
    shape.integers.every((field) => Number.isSafeInteger(value[field]))
  );
}
