/**
 * Schemas of the registry's objects, one list for each role, forward only: a version is never edited after
 * it has shipped, a change is a new entry. What each table and column is for stands beside it.
 */

/** An object `account:<id>`. */
export const ACCOUNT_MIGRATIONS: readonly string[] = [
  `
  -- The account itself, its operator keys, enrolment tokens and sites.
  CREATE TABLE entries (
    kind TEXT NOT NULL,          -- account, operator, enrolment or site
    id TEXT NOT NULL,            -- key id in base32; of the account, its id
    version INTEGER NOT NULL,    -- 1 when new, one more with every change
    created_at INTEGER NOT NULL, -- ms
    changed_at INTEGER NOT NULL, -- ms
    deleted_at INTEGER,          -- ms; set: a mark that goes when its tombstone has left KV
    body TEXT NOT NULL,          -- JSON, see entries.ts; of secrets hashes and signing states
    PRIMARY KEY (kind, id)
  ) WITHOUT ROWID;
  -- What was committed and is not published yet: written in the transaction of the change itself.
  CREATE TABLE outbox (
    kind TEXT NOT NULL,          -- of the entry; listing: the account's line in the root's list
    id TEXT NOT NULL,            -- of the entry; only its newest version is ever published
    version INTEGER NOT NULL,    -- version that was committed; the row goes when this one is published
    attempts INTEGER NOT NULL,   -- failures in a row
    next_at INTEGER NOT NULL,    -- ms, not to be tried before
    PRIMARY KEY (kind, id)
  ) WITHOUT ROWID;
  -- Who changed what. No secrets, no values.
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- grows with time
    at INTEGER NOT NULL,         -- ms
    actor TEXT NOT NULL,         -- admin, system or key:<key id>
    action TEXT NOT NULL,        -- created, updated, rotated, revoked or deleted
    kind TEXT NOT NULL,          -- of the entry
    target TEXT NOT NULL,        -- id of the entry
    fields TEXT NOT NULL         -- JSON array: names of the fields that were changed
  );
  `,
  `
  -- How many clients the account has: one row. Those that enrolled before this version are not in it.
  CREATE TABLE roster (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    clients INTEGER NOT NULL,    -- enrolled and not removed
    swept_at INTEGER NOT NULL    -- ms, when old rows of roster_moves were last looked for
  );
  INSERT INTO roster VALUES (1, 0, 0);
  -- Clients that came or went lately, so that a repeated call counts once.
  CREATE TABLE roster_moves (
    client TEXT PRIMARY KEY,     -- id of the client
    is_in INTEGER NOT NULL,      -- 1: it took a place; 0: it returned it
    at INTEGER NOT NULL          -- ms
  ) WITHOUT ROWID;
  `,
  `
  -- A site's mode that was called adaptive is called managed: here, and through the outbox in KV.
  UPDATE entries SET version = version + 1, body = json_set(body, '$.mode', 'managed')
    WHERE kind = 'site' AND deleted_at IS NULL AND json_extract(body, '$.mode') = 'adaptive';
  INSERT OR REPLACE INTO outbox
    SELECT kind, id, version, 0, 0 FROM entries
    WHERE kind = 'site' AND deleted_at IS NULL AND json_extract(body, '$.mode') = 'managed';
  `,
  `
  -- A site says whether movements are recorded for training. Of those from before, none is; what is published
  -- of them stays as it is.
  UPDATE entries SET body = json_set(body, '$.recording', json('null')) WHERE kind = 'site';
  `,
];

/** The object `root`. */
export const ROOT_MIGRATIONS: readonly string[] = [
  `
  -- Every account that was ever opened; its own object is the source of what stands here.
  CREATE TABLE accounts (
    id TEXT PRIMARY KEY,         -- of the account
    version INTEGER NOT NULL,    -- of the account's entry when this was written
    is_deleted INTEGER NOT NULL, -- 1: not listed, but still reconciled
    summary TEXT NOT NULL        -- JSON, see AccountSummary in rpc.ts
  ) WITHOUT ROWID;
  `,
];

/** An object `enrolment:<key id>`. */
export const ENROLMENT_MIGRATIONS: readonly string[] = [
  `
  -- How many uses are taken: one row.
  CREATE TABLE tally (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    used INTEGER NOT NULL        -- rows in uses
  );
  -- One row for each client that enrolled with the token.
  CREATE TABLE uses (
    client TEXT PRIMARY KEY,     -- id of the client
    at INTEGER NOT NULL          -- ms
  ) WITHOUT ROWID;
  `,
];
