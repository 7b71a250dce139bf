import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from "node:sqlite";
import type { Sql, SqlCursor, SqlValue } from "../../durable-objects/client/storage.ts";

/**
 * A Durable Object's `SqlStorage` over Node's own SQLite, for tests that run the dispatch logic many
 * thousand times. Blobs come back as `ArrayBuffer`, as they do on workerd.
 */
export class NodeSql implements Sql {
  readonly #database = new DatabaseSync(":memory:");

  exec(query: string, ...bindings: SqlValue[]): SqlCursor {
    if (bindings.length === 0 && query.includes(";")) {
      this.#database.exec(query);
      return cursorOf([], 0);
    }
    const statement = this.#database.prepare(query);
    const values = bindings.map(toSqlite);
    if (/^\s*(select)/i.test(query)) {
      const rows = statement.all(...values).map((row) => fromSqlite(row));
      return cursorOf(rows, 0);
    }
    const { changes } = statement.run(...values);
    return cursorOf([], Number(changes));
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
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, fromSqliteValue(value)]),
  );
}

function fromSqliteValue(value: SQLOutputValue): SqlValue {
  if (value instanceof Uint8Array) return value.slice().buffer;
  return typeof value === "bigint" ? Number(value) : value;
}
