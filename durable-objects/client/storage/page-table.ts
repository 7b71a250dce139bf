import type { SqlRow } from "../../sql.ts";
import type { Statements } from "../../statements.ts";
import { PAGE_TASKS } from "../record.ts";
import type { Page } from "../record-pages.ts";

/** How the tasks fare: their delivery records, in pages. */
export class PageTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  save(page: Page): void {
    this.#statements.all(
      "INSERT OR REPLACE INTO pages VALUES (?, ?, ?)",
      page.page,
      page.ended,
      page.view.buffer,
    );
  }

  at(index: number): Page | null {
    const row = this.#statements.one("SELECT * FROM pages WHERE page = ?", index);
    return row === undefined ? null : pageOfRow(row);
  }

  /** Pages that were touched and hold a task that has not ended. */
  open(): Page[] {
    return this.#statements.all("SELECT * FROM pages WHERE ended < ?", PAGE_TASKS).map(pageOfRow);
  }

  /** Pages of which every task has ended. */
  closed(): number[] {
    return this.#statements
      .all("SELECT page, ended FROM pages")
      .filter((row) => Number(row.ended) >= PAGE_TASKS)
      .map((row) => Number(row.page));
  }

  /** Erases the pages of which every task is below an ordinal. */
  eraseBelow(ordinal: number): void {
    this.#statements.all("DELETE FROM pages WHERE page < ?", Math.floor(ordinal / PAGE_TASKS));
  }
}

function pageOfRow(row: SqlRow): Page {
  if (!(row.body instanceof ArrayBuffer)) throw new TypeError("page without a body");
  return { page: Number(row.page), ended: Number(row.ended), view: new DataView(row.body) };
}
