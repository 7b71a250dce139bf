import type { SqlRow } from "../../sql.ts";
import { numberOrNull, type Statements } from "../../statements.ts";
import type { TaskOptions } from "../rpc.ts";
import type { Segment } from "../segment.ts";

/** What only the store keeps of a segment. */
export interface SegmentTexts {
  readonly lines: string;
  readonly keys: readonly (string | null)[] | null;
}

const COLUMNS = "first, count, created_at, bytes, options, option_of, parent";

/** The tasks of the client, a row for each enqueue call: what they are, and not how they fare. */
export class SegmentTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  save(segment: Segment, texts: SegmentTexts): void {
    this.#statements.all(
      "INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      segment.first,
      segment.count,
      segment.createdAt,
      segment.bytes,
      JSON.stringify(segment.options),
      segment.optionOf === null ? null : bytesOf(segment.optionOf),
      segment.parent,
      texts.keys === null ? null : JSON.stringify(texts.keys),
      texts.lines,
    );
  }

  /** The segment that holds an ordinal, whether its tasks have ended or not. */
  at(ordinal: number): Segment | null {
    const row = this.#statements.one(
      `SELECT ${COLUMNS} FROM segments WHERE first <= ? ORDER BY first DESC LIMIT 1`,
      ordinal,
    );
    const segment = row === undefined ? null : segmentOfRow(row);
    return segment !== null && ordinal < segment.first + segment.count ? segment : null;
  }

  /** Segments with tasks from an ordinal on, in order. */
  from(ordinal: number): Segment[] {
    return this.#statements
      .all(`SELECT ${COLUMNS} FROM segments WHERE first + count > ? ORDER BY first`, ordinal)
      .map(segmentOfRow);
  }

  /** Segments that begin before an ordinal, newest first. */
  before(ordinal: number): Generator<Segment> {
    return this.#walk(
      `SELECT ${COLUMNS} FROM segments WHERE first < ? ORDER BY first DESC LIMIT 1`,
      ordinal,
    );
  }

  /** The oldest segments, but never the newest one, for the ordinals go on from it. */
  toErase(): Generator<Segment> {
    return this.#walk(
      `SELECT ${COLUMNS} FROM segments
         WHERE first > ? AND first < (SELECT max(first) FROM segments) ORDER BY first LIMIT 1`,
      -1,
    );
  }

  lines(segment: Segment): readonly string[] {
    const row = this.#statements.one("SELECT lines FROM segments WHERE first = ?", segment.first);
    return String(row?.lines ?? "").split("\n");
  }

  keys(segment: Segment): readonly (string | null)[] | null {
    const row = this.#statements.one("SELECT keys FROM segments WHERE first = ?", segment.first);
    return typeof row?.keys === "string" ? JSON.parse(row.keys) : null;
  }

  /** Idempotency keys with their ordinals, newest segments first, until about `most` were given. */
  *keysNewestFirst(most: number): Generator<{ key: string; ordinal: number }> {
    let given = 0;
    const rows = this.#statements.each(
      "SELECT first, keys FROM segments WHERE keys IS NOT NULL ORDER BY first DESC",
    );
    for (const row of rows) {
      const keys: (string | null)[] = JSON.parse(String(row.keys));
      for (const [index, key] of keys.entries()) {
        if (key === null) continue;
        given += 1;
        yield { key, ordinal: Number(row.first) + index };
      }
      if (given >= most) return;
    }
  }

  /** Ordinal of the oldest task that is kept; 0 when there is none. */
  oldest(): number {
    const row = this.#statements.one("SELECT first FROM segments ORDER BY first LIMIT 1");
    return Number(row?.first ?? 0);
  }

  /** Ordinal of the next task. */
  next(): number {
    const row = this.#statements.one(
      "SELECT first, count FROM segments ORDER BY first DESC LIMIT 1",
    );
    return row === undefined ? 0 : Number(row.first) + Number(row.count);
  }

  /** Erases the segments that begin below an ordinal. */
  eraseBelow(ordinal: number): void {
    this.#statements.all("DELETE FROM segments WHERE first < ?", ordinal);
  }

  /** One segment after the other, each read when it is asked for, by a query for the one next to an ordinal. */
  *#walk(query: string, start: number): Generator<Segment> {
    let ordinal = start;
    for (;;) {
      const row = this.#statements.one(query, ordinal);
      if (row === undefined) return;
      const segment = segmentOfRow(row);
      yield segment;
      ordinal = segment.first;
    }
  }
}

function segmentOfRow(row: SqlRow): Segment {
  const options: TaskOptions[] = JSON.parse(String(row.options));
  return {
    first: Number(row.first),
    count: Number(row.count),
    createdAt: Number(row.created_at),
    bytes: Number(row.bytes),
    options,
    optionOf: row.option_of instanceof ArrayBuffer ? new Uint16Array(row.option_of) : null,
    parent: numberOrNull(row.parent ?? null),
  };
}

function bytesOf(array: Uint16Array): ArrayBuffer {
  return new Uint16Array(array).buffer;
}
