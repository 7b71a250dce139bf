import { fail, ok, type Page, type Result } from "@sluice/protocol";
import type { Refusal } from "../client/rpc.ts";
import type { PlacedLine } from "./storage.ts";

/** Characters of one page, far below what a call between objects may carry. */
export const MAX_PAGE_CHARACTERS = 4 * 1024 * 1024;
const CURSOR = /^(\d{1,15})\.(\d{1,9})$/;

/** Where a page begins: a row, and a line in it. */
export type Place = Pick<PlacedLine, "seq" | "index">;

/** The place that a cursor names; the start for none. */
export function placeOf(cursor: string | null): Result<Place, Refusal> {
  if (cursor === null) return ok({ seq: 0, index: 0 });
  const [, seq, index] = CURSOR.exec(cursor) ?? [];
  if (seq === undefined || index === undefined) {
    return fail({ code: "invalid_cursor", detail: "the cursor is none that was given out" });
  }
  return ok({ seq: Number(seq), index: Number(index) });
}

/** As many lines as a page has room for; its cursor is the place of the first that it has not. */
export function pageOf(lines: Iterable<PlacedLine>, limit: number): Page<string> {
  const items: string[] = [];
  let characters = 0;
  for (const { seq, index, line } of lines) {
    characters += line.length;
    const isFull = items.length >= limit || (items.length > 0 && characters > MAX_PAGE_CHARACTERS);
    if (isFull) return { items, cursor: `${seq}.${index}` };
    items.push(line);
  }
  return { items, cursor: null };
}
