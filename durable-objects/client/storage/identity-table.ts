import type { AccountId, ClientFacts, ClientId } from "@sluice/protocol";
import type { SqlRow } from "../../sql.ts";
import { numberOrNull, type Statements } from "../../statements.ts";

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

/** Who the client is: one row. */
export class IdentityTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  load(): Identity | null {
    const row = this.#statements.one("SELECT * FROM identity");
    return row === undefined ? null : identityOfRow(row);
  }

  save(identity: Identity): void {
    this.#statements.all(
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
}

function identityOfRow(row: SqlRow): Identity {
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
