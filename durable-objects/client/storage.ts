import type { AccountId, ClientFacts, ClientId } from "@sluice/protocol";
import { hasSchema, migrate } from "../schema.ts";
import type { BookImage, Page } from "./book.ts";
import { MIGRATIONS } from "./migrations.ts";
import { PAGE_TASKS } from "./record.ts";
import type { TaskOptions } from "./rpc.ts";
import type { Segment } from "./segment.ts";

/** The row of `identity`, parsed. */
export interface Identity {
  readonly account: AccountId;
  readonly client: ClientId;
  readonly name: string;
  readonly labels: readonly string[];
  readonly facts: ClientFacts;
  readonly tokenHash: string;
  /** The token before this one, while it still opens. */
  readonly oldToken: { readonly hash: string; readonly untilMs: number } | null;
  readonly enrolledAt: number;
  readonly revokedAt: number | null;
  readonly deletedAt: number | null;
  readonly paused: boolean;
  /** From when the client is no more, ms; null for one that stays. */
  readonly expiresAt: number | null;
}

/** The row of `link`, parsed. */
export interface LinkRow {
  readonly epoch: number;
  readonly agent: string | null;
  readonly connectedAt: number | null;
  readonly lastSeenAt: number | null;
  readonly takeovers: readonly number[];
  readonly cloneSuspectedAt: number | null;
}

export const NEW_LINK: LinkRow = {
  epoch: 0,
  agent: null,
  connectedAt: null,
  lastSeenAt: null,
  takeovers: [],
  cloneSuspectedAt: null,
};

/** What only the store keeps of a segment. */
export interface SegmentTexts {
  readonly lines: string;
  readonly keys: readonly (string | null)[] | null;
}

/** A stored piece of history. */
export interface HistoryRow {
  readonly id: number;
  readonly seq: number;
  readonly low: number;
  readonly high: number;
  readonly body: string;
}

/** What a cell holds. */
export type SqlValue = string | number | ArrayBuffer | null;

type Row = Record<string, SqlValue>;

/** The part of the platform's `SqlStorage` that is used: any synchronous SQLite can stand in for it. */
export interface Sql {
  exec(query: string, ...bindings: SqlValue[]): SqlCursor;
}

export interface SqlCursor extends Iterable<Row> {
  toArray(): Row[];
  readonly rowsWritten: number;
}

const SEGMENT_COLUMNS = "first, count, created_at, bytes, options, option_of, parent";

/** All SQL of the client's object. Everything is synchronous; one event is one transaction. */
export class Storage {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Rows written by this object since it was started, as the storage counts them. */
  rowsWritten = 0;

  /** Whether this client was ever enrolled; reads only. */
  get exists(): boolean {
    return hasSchema(this.#sql);
  }

  /** Brings the schema to the newest version, or to `target` in tests. */
  migrate(target?: number): void {
    this.rowsWritten += migrate(this.#sql, MIGRATIONS, target);
  }

  identity(): Identity | null {
    const row = this.#all("SELECT * FROM identity")[0];
    if (row === undefined) return null;
    return {
      account: String(row.account) as AccountId,
      client: String(row.client) as ClientId,
      name: String(row.name),
      labels: JSON.parse(String(row.labels)),
      facts: JSON.parse(String(row.facts)),
      tokenHash: String(row.token_hash),
      oldToken:
        typeof row.old_token_hash === "string"
          ? { hash: row.old_token_hash, untilMs: Number(row.old_token_until) }
          : null,
      enrolledAt: Number(row.enrolled_at),
      revokedAt: numberOrNull(row.revoked_at),
      deletedAt: numberOrNull(row.deleted_at),
      paused: row.paused === 1,
      expiresAt: numberOrNull(row.expires_at),
    };
  }

  saveIdentity(identity: Identity): void {
    this.#all(
      `INSERT OR REPLACE INTO identity VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      identity.account,
      identity.client,
      identity.name,
      JSON.stringify(identity.labels),
      JSON.stringify(identity.facts),
      identity.tokenHash,
      identity.enrolledAt,
      identity.revokedAt,
      identity.deletedAt,
      identity.paused ? 1 : 0,
      identity.oldToken?.hash ?? null,
      identity.oldToken?.untilMs ?? null,
      identity.expiresAt,
    );
  }

  link(): LinkRow {
    const row = this.#all("SELECT * FROM link")[0];
    if (row === undefined) return NEW_LINK;
    return {
      epoch: Number(row.epoch),
      agent: row.agent === null ? null : String(row.agent),
      connectedAt: numberOrNull(row.connected_at),
      lastSeenAt: numberOrNull(row.last_seen_at),
      takeovers: JSON.parse(String(row.takeovers)),
      cloneSuspectedAt: numberOrNull(row.clone_suspected_at),
    };
  }

  saveLink(link: LinkRow): void {
    this.#all(
      "INSERT OR REPLACE INTO link VALUES (1, ?, ?, ?, ?, ?, ?)",
      link.epoch,
      link.agent,
      link.connectedAt,
      link.lastSeenAt,
      JSON.stringify(link.takeovers),
      link.cloneSuspectedAt,
    );
  }

  /** Everything that may hold an unfinished task. */
  loadBook(): BookImage {
    const headers = this.#all("SELECT page, ended FROM pages");
    const closed = new Set(
      headers.filter((row) => Number(row.ended) >= PAGE_TASKS).map((row) => Number(row.page)),
    );
    const floor = this.#openFloor(closed);
    return {
      segments: this.#all(
        `SELECT ${SEGMENT_COLUMNS} FROM segments WHERE first + count > ? ORDER BY first`,
        floor,
      ).map(segmentOfRow),
      pages: this.#all("SELECT * FROM pages WHERE ended < ?", PAGE_TASKS).map(pageOfRow),
      closedPages: [...closed],
      next: this.#next(),
    };
  }

  saveSegment(segment: Segment, texts: SegmentTexts): void {
    this.#all(
      "INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      segment.first,
      segment.count,
      segment.createdAt,
      segment.bytes,
      JSON.stringify(segment.options),
      segment.optionOf === null ? null : bytesOf(segment.optionOf),
      segment.parent,
      texts.keys === null ? null : JSON.stringify(texts.keys),
      texts.lines,
    );
  }

  /** The segment that holds an ordinal, whether its tasks have ended or not. */
  segmentAt(ordinal: number): Segment | null {
    const row = this.#all(
      `SELECT ${SEGMENT_COLUMNS} FROM segments WHERE first <= ? ORDER BY first DESC LIMIT 1`,
      ordinal,
    )[0];
    const segment = row === undefined ? null : segmentOfRow(row);
    return segment !== null && ordinal < segment.first + segment.count ? segment : null;
  }

  /** Segments that begin before an ordinal, newest first. */
  *segmentsBefore(ordinal: number): Generator<Segment> {
    let below = ordinal;
    for (;;) {
      const row = this.#all(
        `SELECT ${SEGMENT_COLUMNS} FROM segments WHERE first < ? ORDER BY first DESC LIMIT 1`,
        below,
      )[0];
      if (row === undefined) return;
      const segment = segmentOfRow(row);
      yield segment;
      below = segment.first;
    }
  }

  lines(segment: Segment): readonly string[] {
    const row = this.#all("SELECT lines FROM segments WHERE first = ?", segment.first)[0];
    return String(row?.lines ?? "").split("\n");
  }

  keys(segment: Segment): readonly (string | null)[] | null {
    const row = this.#all("SELECT keys FROM segments WHERE first = ?", segment.first)[0];
    return typeof row?.keys === "string" ? JSON.parse(row.keys) : null;
  }

  /** Idempotency keys with their ordinals, newest segments first, until about `most` were given. */
  *keysNewestFirst(most: number): Generator<{ key: string; ordinal: number }> {
    let given = 0;
    const rows = this.#sql.exec(
      "SELECT first, keys FROM segments WHERE keys IS NOT NULL ORDER BY first DESC",
    );
    for (const row of rows) {
      const keys: (string | null)[] = JSON.parse(String(row.keys));
      for (const [index, key] of keys.entries()) {
        if (key === null) continue;
        given += 1;
        yield { key, ordinal: Number(row.first) + index };
      }
      if (given >= most) return;
    }
  }

  savePage(page: Page): void {
    this.#all(
      "INSERT OR REPLACE INTO pages VALUES (?, ?, ?)",
      page.page,
      page.ended,
      page.view.buffer,
    );
  }

  page(index: number): Page | null {
    const row = this.#all("SELECT * FROM pages WHERE page = ?", index)[0];
    return row === undefined ? null : pageOfRow(row);
  }

  /** Stores a piece of history under an id that grows with `now`. */
  saveHistory(row: Omit<HistoryRow, "id">, now: number): void {
    const last = Number(this.#all("SELECT max(id) AS id FROM history")[0]?.id ?? 0);
    const id = Math.max(last + 1, historyIdAt(now));
    this.#all(
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
    const row = this.#all("SELECT seq FROM history WHERE seq > 0 ORDER BY id DESC LIMIT 1")[0];
    return Number(row?.seq ?? 0);
  }

  /** Whether one of the newest `window` rows is this very report. */
  hasReport(seq: number, body: string, window: number): boolean {
    return (
      this.#all(
        `SELECT 1 FROM (SELECT seq, body FROM history ORDER BY id DESC LIMIT ?)
         WHERE seq = ? AND body = ? LIMIT 1`,
        window,
        seq,
        body,
      ).length > 0
    );
  }

  /** History that may speak of a task, oldest first, from row `fromId` on until `untilMs`. */
  *historyOf(ordinal: number, fromId: number, untilMs: number): Generator<HistoryRow> {
    const rows = this.#sql.exec(
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

  /** The oldest segments, but never the newest one, for the ordinals go on from it. */
  *segmentsToErase(): Generator<Segment> {
    let above = -1;
    for (;;) {
      const row = this.#all(
        `SELECT ${SEGMENT_COLUMNS} FROM segments
         WHERE first > ? AND first < (SELECT max(first) FROM segments) ORDER BY first LIMIT 1`,
        above,
      )[0];
      if (row === undefined) return;
      const segment = segmentOfRow(row);
      yield segment;
      above = segment.first;
    }
  }

  /** Erases the segments below an ordinal that begins one, with all that was kept of their tasks. */
  eraseBelow(floor: number): void {
    this.#all("DELETE FROM segments WHERE first < ?", floor);
    this.#all("DELETE FROM pages WHERE page < ?", Math.floor(floor / PAGE_TASKS));
    this.#all("DELETE FROM history WHERE high < ?", floor);
  }

  /** Erases all tasks, what was kept of them, and what is known of the connection. */
  erase(): void {
    for (const table of ["segments", "pages", "history", "link"]) this.#all(`DELETE FROM ${table}`);
  }

  #next(): number {
    const row = this.#all("SELECT first, count FROM segments ORDER BY first DESC LIMIT 1")[0];
    return row === undefined ? 0 : Number(row.first) + Number(row.count);
  }

  /** First ordinal that may be unfinished: the start of the first page that is not closed. */
  #openFloor(closed: ReadonlySet<number>): number {
    const first = this.#all("SELECT first FROM segments ORDER BY first LIMIT 1")[0];
    let page = Math.floor(Number(first?.first ?? 0) / PAGE_TASKS);
    while (closed.has(page)) page += 1;
    return page * PAGE_TASKS;
  }

  #all(query: string, ...bindings: SqlValue[]): Row[] {
    const cursor = this.#sql.exec(query, ...bindings);
    const rows = cursor.toArray();
    this.rowsWritten += cursor.rowsWritten;
    return rows;
  }
}

/** The least id of history made at `ms`. */
export function historyIdAt(ms: number): number {
  return ms * 1024;
}

function segmentOfRow(row: Row): Segment {
  const options: TaskOptions[] = JSON.parse(String(row.options));
  return {
    first: Number(row.first),
    count: Number(row.count),
    createdAt: Number(row.created_at),
    bytes: Number(row.bytes),
    options,
    optionOf: row.option_of instanceof ArrayBuffer ? new Uint16Array(row.option_of) : null,
    parent: numberOrNull(row.parent ?? null),
  };
}

function pageOfRow(row: Row): Page {
  if (!(row.body instanceof ArrayBuffer)) throw new TypeError("page without a body");
  return { page: Number(row.page), ended: Number(row.ended), view: new DataView(row.body) };
}

function bytesOf(array: Uint16Array): ArrayBuffer {
  return new Uint16Array(array).buffer;
}

function numberOrNull(value: SqlValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
