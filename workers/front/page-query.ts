import { ok } from "@sluice/protocol";
import { type Outcome, refuse } from "./refusal.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
const LIMIT = /^[1-9]\d{0,3}$/;
/** Cursors are made by the objects; here only their size and alphabet are known. */
const CURSOR = /^[\w.:=-]{1,512}$/;

/** Which part of a list is asked for. */
export interface PageQuery {
  readonly cursor: string | null;
  readonly limit: number;
}

/** Reads `?cursor=&limit=` of a list call; `limit` is 1 to 1,000, by default 100. */
export function readPageQuery(query: URLSearchParams): Outcome<PageQuery> {
  const cursor = query.get("cursor");
  if (cursor !== null && !CURSOR.test(cursor)) {
    return refuse("invalid_cursor", "the cursor is none that was given out");
  }
  const limitText = query.get("limit");
  const limit = limitText === null ? DEFAULT_LIMIT : Number(limitText);
  if (limitText !== null && (!LIMIT.test(limitText) || limit > MAX_LIMIT)) {
    return refuse("bad_request", `limit must be a whole number from 1 to ${MAX_LIMIT}`);
  }
  return ok({ cursor, limit });
}
