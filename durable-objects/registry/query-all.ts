type Row = Record<string, SqlStorageValue>;

/** Runs a statement to its end. */
export function queryAll(
  sql: SqlStorage,
  query: string,
  ...bindings: readonly SqlStorageValue[]
): readonly Row[] {
  return sql.exec(query, ...bindings).toArray();
}
