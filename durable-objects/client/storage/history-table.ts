import type { Statements } from "../../statements.ts";

/** A stored piece of history. */
export interface HistoryRow {
  readonly id: number;
  readonly seq: number;
  readonly low: number;
  readonly high: number;
  readonly body: string;
}

/** What tasks left behind: their rows, progress and failures, and what the server decided on them. */
export class HistoryTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** Stores a piece of history under an id that grows with `now`. */
  save(row: Omit<HistoryRow, "id">, now: number): void {
    const last = Number(this.#statements.one("SELECT max(id) AS id FROM history")?.id ?? 0);
    const id = Math.max(last + 1, historyIdAt(now));
    this.#statements.all(
      "INSERT INTO history VALUES (?, ?, ?, ?, ?)",
      id,
      row.seq,
      row.low,
      row.high,
      row.body,
    );
  }

  /** `seq` of the newest report that left history; 0 when none did. */
  lastReportSeq(): number {
    const row = this.#statements.one(
      "SELECT seq FROM history WHERE seq > 0 ORDER BY id DESC LIMIT 1",
    );
    return Number(row?.seq ?? 0);
  }

  /** Whether one of the newest `window` rows is this very report. */
  hasReport(seq: number, body: string, window: number): boolean {
    return (
      this.#statements.all(
        `SELECT 1 FROM (SELECT seq, body FROM history ORDER BY id DESC LIMIT ?)
         WHERE seq = ? AND body = ? LIMIT 1`,
        window,
        seq,
        body,
      ).length > 0
    );
  }

  /** History that may speak of a task, oldest first, from row `fromId` on until `untilMs`. */
  *of(ordinal: number, fromId: number, untilMs: number): Generator<HistoryRow> {
    const rows = this.#statements.each(
      "SELECT * FROM history WHERE id BETWEEN ? AND ? AND low <= ? AND high >= ? ORDER BY id",
      fromId,
      historyIdAt(untilMs + 1),
      ordinal,
      ordinal,
    );
    for (const row of rows) {
      yield {
        id: Number(row.id),
        seq: Number(row.seq),
        low: Number(row.low),
        high: Number(row.high),
        body: String(row.body),
      };
    }
  }

  /** Erases what speaks of no task from an ordinal on. */
  eraseBelow(ordinal: number): void {
    this.#statements.all("DELETE FROM history WHERE high < ?", ordinal);
  }
}

/** The least id of history made at `ms`. */
export function historyIdAt(ms: number): number {
  return ms * 1024;
}
