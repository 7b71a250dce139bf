import type { Sql } from "./sql.ts";

const HAS_SCHEMA = "SELECT 1 FROM sqlite_master WHERE name = 'schema_version'";

/** Whether an object has stored anything yet; reads only, so that asking a stranger leaves no trace. */
export function hasSchema(sql: Sql): boolean {
  return sql.exec(HAS_SCHEMA).toArray().length > 0;
}

/** Brings the schema to the newest version, or to `target` in tests; the rows that this wrote. */
export function migrate(
  sql: Sql,
  migrations: readonly string[],
  target: number = migrations.length,
): number {
  let rowsWritten = 0;
  const run = (query: string, ...bindings: number[]) => {
    const cursor = sql.exec(query, ...bindings);
    const [row] = cursor.toArray();
    rowsWritten += cursor.rowsWritten;
    return row;
  };
  run("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
  const current = Number(run("SELECT version FROM schema_version")?.version ?? 0);
  if (current >= target) return rowsWritten;
  for (const statements of migrations.slice(current, target)) run(statements);
  run("DELETE FROM schema_version");
  run("INSERT INTO schema_version VALUES (?)", target);
  return rowsWritten;
}
