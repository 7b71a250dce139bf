import type { Sql, SqlRow, SqlValue } from "./sql.ts";

/** Runs the statements of one object and counts what they write. */
export class Statements {
  readonly #sql: Sql;
  /** Rows written so far, as the storage counts them. */
  rowsWritten = 0;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Runs a statement to its end. */
  all(query: string, ...bindings: SqlValue[]): SqlRow[] {
    const cursor = this.#sql.exec(query, ...bindings);
    const rows = cursor.toArray();
    this.rowsWritten += cursor.rowsWritten;
    return rows;
  }

  /** The first row of a query; undefined when there is none. */
  one(query: string, ...bindings: SqlValue[]): SqlRow | undefined {
    return this.all(query, ...bindings)[0];
  }

  /** The rows of a query, read as they are asked for. */
  each(query: string, ...bindings: SqlValue[]): Iterable<SqlRow> {
    return this.#sql.exec(query, ...bindings);
  }
}

export function numberOrNull(value: SqlValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
