type Row = Record<string, SqlStorageValue>;

/** Whether an object has stored anything yet; reads only, so that asking a stranger leaves no trace. */
export function hasSchema(sql: SqlStorage): boolean {
  return queryAll(sql, "SELECT 1 FROM sqlite_master WHERE name = 'schema_version'").length > 0;
}

/** Brings the schema to the newest version, or to `target` in tests. */
export function migrate(
  sql: SqlStorage,
  migrations: readonly string[],
  target: number = migrations.length,
): void {
  queryAll(sql, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
  const current = Number(queryAll(sql, "SELECT version FROM schema_version")[0]?.version ?? 0);
  if (current >= target) return;
  for (const statements of migrations.slice(current, target)) queryAll(sql, statements);
  queryAll(sql, "DELETE FROM schema_version");
  queryAll(sql, "INSERT INTO schema_version VALUES (?)", target);
}

/** Runs a statement to its end. */
export function queryAll(
  sql: SqlStorage,
  query: string,
  ...bindings: readonly SqlStorageValue[]
): readonly Row[] {
  return sql.exec(query, ...bindings).toArray();
}
