import { DatabaseSync, type SQLInputValue } from "node:sqlite";

/** The part of a cursor that the storage uses. */
interface Cursor {
  toArray(): Record<string, unknown>[];
  [Symbol.iterator](): Iterator<Record<string, unknown>>;
  readonly rowsWritten: number;
}

/**
 * A Durable Object's `SqlStorage` over Node's own SQLite, for tests that run the dispatch logic many
 * thousand times. Blobs come back as `ArrayBuffer`, as they do on workerd.
 */
export class NodeSql {
  readonly #database = new DatabaseSync(":memory:");

  exec(query: string, ...bindings: unknown[]): Cursor {
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

function cursorOf(rows: Record<string, unknown>[], rowsWritten: number): Cursor {
  return { toArray: () => rows, [Symbol.iterator]: () => rows[Symbol.iterator](), rowsWritten };
}

function toSqlite(value: unknown): SQLInputValue {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  throw new TypeError("a value that SQLite does not take");
}

function fromSqlite(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof Uint8Array ? value.slice().buffer : value,
    ]),
  );
}
