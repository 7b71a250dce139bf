/**
 * Schema of a client's object, forward only: a version is never edited after it has shipped, a change
 * is a new entry. What each table and column is for stands beside it.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- Who this client is: one row.
  CREATE TABLE identity (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    account TEXT NOT NULL,       -- id of the owning account
    client TEXT NOT NULL,        -- id of the client, the object's own name
    name TEXT NOT NULL,          -- given at enrolment, changed by its operator
    labels TEXT NOT NULL,        -- JSON array of strings
    facts TEXT NOT NULL,         -- JSON object: os, arch, hostname, as last said in hello
    token_hash TEXT NOT NULL,    -- SHA-256 of the client token, hex; the token is never stored
    enrolled_at INTEGER NOT NULL,-- ms
    revoked_at INTEGER,          -- ms; set: every connection is refused
    deleted_at INTEGER,          -- ms; set: only this row is left, as a mark
    paused INTEGER NOT NULL      -- 1: nothing is sent
  );
  -- The connection, kept over restarts: one row, written once per connection.
  CREATE TABLE link (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL,      -- generation of the newest connection; fences all older ones
    agent TEXT,                  -- name/version, from hello
    connected_at INTEGER,        -- ms
    last_seen_at INTEGER,        -- ms, written when a connection ends
    takeovers TEXT NOT NULL,     -- JSON array: the last times (ms) one socket displaced a live one
    clone_suspected_at INTEGER   -- ms; two machines seemed to hold this identity
  );
  -- One row for each enqueue call (or for each part of it that fits a row).
  CREATE TABLE segments (
    first INTEGER PRIMARY KEY,   -- ordinal of its first task; the others follow
    count INTEGER NOT NULL,      -- tasks in it
    created_at INTEGER NOT NULL, -- ms
    bytes INTEGER NOT NULL,      -- size of lines, UTF-8
    options TEXT NOT NULL,       -- JSON array of the distinct option sets
    option_of BLOB,              -- per task u16 index into options; NULL: all have the first
    parent INTEGER,              -- ordinal of the task that this one runs again
    keys TEXT,                   -- JSON array of idempotency keys or nulls, one a task; NULL: none
    lines TEXT NOT NULL          -- one line a task: "kind":…,"args":…
  );
  -- Delivery records of 1,024 tasks a row, in the layout of record.ts; absent: all untouched.
  CREATE TABLE pages (
    page INTEGER PRIMARY KEY,    -- ordinal / 1,024
    ended INTEGER NOT NULL,      -- tasks of it in a final state; 1,024: closed
    body BLOB NOT NULL
  );
  -- What happened beyond the bare change of state: one row for each report frame that carries rows,
  -- progress or failures, and one for each group of exceptions that the server decided at once.
  CREATE TABLE history (
    id INTEGER PRIMARY KEY,      -- ms of the event × 1,024 + counter
    seq INTEGER NOT NULL,        -- of the client's report, to know one that is sent again; 0: the server's
    low INTEGER NOT NULL,        -- least ordinal in body
    high INTEGER NOT NULL,       -- greatest ordinal in body
    body TEXT NOT NULL           -- JSON array of entries, see history.ts
  );
  `,
  `
  -- The token that was replaced, which goes on opening for a while: its SHA-256, hex (NULL: none), and
  -- the time in ms from which it opens nothing.
  ALTER TABLE identity ADD COLUMN old_token_hash TEXT;
  ALTER TABLE identity ADD COLUMN old_token_until INTEGER;
  `,
  `
  -- The time in ms at which the client ends its connection and erases itself (NULL: never).
  ALTER TABLE identity ADD COLUMN expires_at INTEGER;
  `,
];
