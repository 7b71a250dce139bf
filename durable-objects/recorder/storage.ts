import { hasSchema, migrate } from "../schema.ts";
import type { Sql } from "../sql.ts";
import { Statements } from "../statements.ts";
import { MIGRATIONS } from "./migrations.ts";
import type { Recording } from "./rpc.ts";

/** The row of `setting`, parsed. */
export interface Setting {
  readonly version: number;
  readonly recording: Recording;
}

/** How much is kept, and since when. */
export interface Kept {
  readonly tracks: number;
  /** Whole hours since 1970; null when nothing is kept. */
  readonly oldestHour: number | null;
}

/** A line and its place: the row, and the line in it. */
export interface PlacedLine {
  readonly seq: number;
  readonly index: number;
  readonly line: string;
}

/** All SQL of a recorder. Everything is synchronous. */
export class RecorderStorage {
  readonly #sql: Sql;
  readonly #statements: Statements;

  constructor(sql: Sql) {
    this.#sql = sql;
    this.#statements = new Statements(sql);
  }

  /** Whether this site is recorded; reads only, so that asking leaves no trace. */
  get exists(): boolean {
    return hasSchema(this.#sql);
  }

  /** Brings the schema to the newest version, or to `target` in tests. */
  migrate(target?: number): void {
    migrate(this.#sql, MIGRATIONS, target);
  }

  setting(): Setting | null {
    const row = this.#statements.all("SELECT version, body FROM setting")[0];
    if (row === undefined) return null;
    return { version: Number(row.version), recording: JSON.parse(String(row.body)) };
  }

  keepSetting({ version, recording }: Setting): void {
    const body = JSON.stringify(recording);
    this.#statements.all("INSERT OR REPLACE INTO setting VALUES (1, ?, ?)", version, body);
  }

  kept(): Kept {
    const [row] = this.#statements.all(
      "SELECT sum(count) AS tracks, min(hour) AS hour FROM batches",
    );
    const hour = row?.hour ?? null;
    return { tracks: Number(row?.tracks ?? 0), oldestHour: hour === null ? null : Number(hour) };
  }

  append(hour: number, lines: readonly string[]): void {
    this.#statements.all(
      "INSERT INTO batches (hour, count, body) VALUES (?, ?, ?)",
      hour,
      lines.length,
      lines.join("\n"),
    );
  }

  /** The lines from a place on, oldest first, read as they are asked for. */
  *linesFrom(seq: number, index: number): Generator<PlacedLine> {
    const rows = this.#sql.exec("SELECT seq, body FROM batches WHERE seq >= ? ORDER BY seq", seq);
    for (const row of rows) {
      const lines = String(row.body).split("\n");
      const place = Number(row.seq);
      for (let at = place === seq ? index : 0; at < lines.length; at += 1) {
        yield { seq: place, index: at, line: lines[at] ?? "" };
      }
    }
  }

  /** Erases the movements of this hour and of those before. */
  eraseThrough(hour: number): void {
    this.#statements.all("DELETE FROM batches WHERE hour <= ?", hour);
  }

  eraseAll(): void {
    this.#statements.all("DELETE FROM batches");
  }
}
