import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from "node:sqlite";
import type { Sql, SqlCursor, SqlValue } from "../../durable-objects/sql.ts";

/**
 * A Durable Object's `SqlStorage` over Node's own SQLite, for tests that run the dispatch logic many
 * thousand times. Blobs come back as `ArrayBuffer`, as they do on workerd.
 */
export class NodeSql implements Sql {
  readonly #database = new DatabaseSync(":memory:");
  /** Prepared once each: the queries are few, and SQLite takes longer to read one than to answer it. */
  readonly #statements = new Map<string, StatementSync>();

  exec(query: string, ...bindings: SqlValue[]): SqlCursor {
    if (bindings.length === 0 && query.includes(";")) {
      this.#database.exec(query);
      return cursorOf([], 0);
    }
    const statement = this.#prepared(query);
    const values = bindings.map(toSqlite);
    if (/^\s*(select)/i.test(query)) {
      return cursorOf(statement.all(...values).map(fromSqlite), 0);
    }
    const { changes } = statement.run(...values);
    return cursorOf([], Number(changes));
  }

  #prepared(query: string): StatementSync {
    const known = this.#statements.get(query);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(query);
    this.#statements.set(query, statement);
    return statement;
  }

  /** Makes everything until {@link rollback} or the next `begin` undoable, as one event is. */
  begin(): void {
    this.#database.exec("BEGIN");
  }

  commit(): void {
    this.#database.exec("COMMIT");
  }

  rollback(): void {
    this.#database.exec("ROLLBACK");
  }

  close(): void {
    this.#database.close();
  }
}

function cursorOf(rows: Record<string, SqlValue>[], rowsWritten: number): SqlCursor {
  return { toArray: () => rows, [Symbol.iterator]: () => rows[Symbol.iterator](), rowsWritten };
}

function toSqlite(value: SqlValue): SQLInputValue {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value;
}

function fromSqlite(row: Record<string, SQLOutputValue>): Record<string, SqlValue> {
  const converted: Record<string, SqlValue> = {};
  for (const column in row) converted[column] = fromSqliteValue(row[column] ?? null);
  return converted;
}

function fromSqliteValue(value: SQLOutputValue): SqlValue {
  if (value instanceof Uint8Array) return value.slice().buffer;
  return typeof value === "bigint" ? Number(value) : value;
}
