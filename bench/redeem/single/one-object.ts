import { DurableObject } from "cloudflare:workers";

/** The usual design: one object that keeps a row of every key that was used. */
export class Ledger extends DurableObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS used (key TEXT PRIMARY KEY, attempt TEXT, at INTEGER) WITHOUT ROWID",
    );
  }

  /** Keeps the first attempt at a key and answers with it; the platform answers when it is stored. */
  async use(key: string, attempt: string): Promise<string> {
    const { sql } = this.ctx.storage;
    sql.exec("INSERT OR IGNORE INTO used VALUES (?, ?, ?)", key, attempt, Date.now());
    return String(sql.exec("SELECT attempt FROM used WHERE key = ?", key).one().attempt);
  }
}
