import { numberOrNull, type Statements } from "../../statements.ts";

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

/** What is known of the connection: one row. */
export class LinkTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  load(): LinkRow {
    const row = this.#statements.one("SELECT * FROM link");
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

  save(link: LinkRow): void {
    this.#statements.all(
      "INSERT OR REPLACE INTO link VALUES (1, ?, ?, ?, ?, ?, ?)",
      link.epoch,
      link.agent,
      link.connectedAt,
      link.lastSeenAt,
      JSON.stringify(link.takeovers),
      link.cloneSuspectedAt,
    );
  }
}
