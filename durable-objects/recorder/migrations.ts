/**
 * Schema of a recorder, forward only: a version is never edited after it has shipped, a change is a new entry.
 * What each table and column is for stands beside it. A site that is not recorded has no tables at all.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- What the site's owner has decided: one row.
  CREATE TABLE setting (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,    -- of the site in the registry; an older one is not followed any more
    body TEXT NOT NULL           -- JSON, see Recording in rpc.ts
  );
  -- Movements, one row for all of some seconds; deleted when they have been kept for as long as they may.
  CREATE TABLE batches (
    seq INTEGER PRIMARY KEY,     -- grows with every row
    hour INTEGER NOT NULL,       -- whole hours since 1970, of the earliest of them; no finer time is kept
    count INTEGER NOT NULL,      -- movements of the row
    body TEXT NOT NULL           -- a line for each, as it is given out: see docs/recording.md
  );
  `,
];
