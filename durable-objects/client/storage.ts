import { hasSchema, migrate } from "../schema.ts";
import type { Sql } from "../sql.ts";
import { Statements } from "../statements.ts";
import type { BookImage } from "./book.ts";
import { PAGE_TASKS } from "./record.ts";
import { HistoryTable } from "./storage/history-table.ts";
import { IdentityTable } from "./storage/identity-table.ts";
import { LinkTable } from "./storage/link-table.ts";
import { MIGRATIONS } from "./storage/migrations.ts";
import { PageTable } from "./storage/page-table.ts";
import { SegmentTable } from "./storage/segment-table.ts";

export { historyIdAt } from "./storage/history-table.ts";
export type { Identity } from "./storage/identity-table.ts";
export { type LinkRow, NEW_LINK } from "./storage/link-table.ts";

/**
 * All SQL of the client's object: here what concerns several tables, in the folder `storage` the schema
 * and a file for each table. Everything is synchronous; one event is one transaction.
 */
export class Storage {
  readonly identity: IdentityTable;
  readonly link: LinkTable;
  readonly segments: SegmentTable;
  readonly pages: PageTable;
  readonly history: HistoryTable;
  readonly #sql: Sql;
  readonly #statements: Statements;

  constructor(sql: Sql) {
    this.#sql = sql;
    this.#statements = new Statements(sql);
    this.identity = new IdentityTable(this.#statements);
    this.link = new LinkTable(this.#statements);
    this.segments = new SegmentTable(this.#statements);
    this.pages = new PageTable(this.#statements);
    this.history = new HistoryTable(this.#statements);
  }

  /** Rows written by this object since it was started, as the storage counts them. */
  get rowsWritten(): number {
    return this.#statements.rowsWritten;
  }

  /** Whether this client was ever enrolled; reads only. */
  get exists(): boolean {
    return hasSchema(this.#sql);
  }

  /** Brings the schema to the newest version, or to `target` in tests. */
  migrate(target?: number): void {
    this.#statements.rowsWritten += migrate(this.#sql, MIGRATIONS, target);
  }

  /** Everything that may hold an unfinished task. */
  loadBook(): BookImage {
    const closedPages = this.pages.closed();
    return {
      segments: this.segments.from(this.#openFloor(new Set(closedPages))),
      pages: this.pages.open(),
      closedPages,
      next: this.segments.next(),
    };
  }

  /** Erases the segments below an ordinal that begins one, with all that was kept of their tasks. */
  eraseBelow(floor: number): void {
    this.segments.eraseBelow(floor);
    this.pages.eraseBelow(floor);
    this.history.eraseBelow(floor);
  }

  /** Erases all tasks, what was kept of them, and what is known of the connection. */
  erase(): void {
    for (const table of ["segments", "pages", "history", "link"]) {
      this.#statements.all(`DELETE FROM ${table}`);
    }
  }

  /** First ordinal that may be unfinished: the start of the first page that is not closed. */
  #openFloor(closed: ReadonlySet<number>): number {
    let page = Math.floor(this.segments.oldest() / PAGE_TASKS);
    while (closed.has(page)) page += 1;
    return page * PAGE_TASKS;
  }
}
