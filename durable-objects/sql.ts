/** What a cell holds. */
export type SqlValue = string | number | ArrayBuffer | null;

export type SqlRow = Record<string, SqlValue>;

/** The part of the platform's `SqlStorage` that is used: any synchronous SQLite can stand in for it. */
export interface Sql {
  exec(query: string, ...bindings: SqlValue[]): SqlCursor;
}

export interface SqlCursor extends Iterable<SqlRow> {
  toArray(): SqlRow[];
  readonly rowsWritten: number;
}
