/**
 * Schema of a ledger shard, forward only: a version is never edited after it has shipped, a change is a new
 * entry. What the table and its columns are for stands beside it.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- One row for each commit. A row whose records have all expired is written over by a later commit, so
  -- that forgetting costs no row of its own.
  CREATE TABLE segments (
    slot INTEGER PRIMARY KEY,    -- place in the table, used again and again
    seq INTEGER NOT NULL,        -- grows with every commit; of two records of a key the later counts
    expires_at INTEGER NOT NULL, -- ms, when the last of its records ends
    body TEXT NOT NULL           -- JSON array of [key, attempt, solo 0|1, ms of its end, [owed to]]
  );
  `,
  `
  -- Movements that were seen, one row for all of some seconds; deleted when the last of them has ended. The
  -- versions are run again when the table of segments is made anew, so this one may be there already.
  CREATE TABLE IF NOT EXISTS tracks (
    seq INTEGER PRIMARY KEY,     -- grows with every row
    expires_at INTEGER NOT NULL, -- ms, when the last of its movements ends
    body TEXT NOT NULL           -- JSON array of [ms when it was seen, [groups], [x, y, t, x, y, t, ...]]
  );
  `,
];
