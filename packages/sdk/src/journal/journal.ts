import type { JournalRecord } from "./record.ts";

/** The journal is in use by another process or tab. */
export class JournalLockedError extends Error {
  override readonly name = "JournalLockedError";
}

/** What was found when a journal was opened. */
export interface OpenedJournal {
  readonly records: readonly JournalRecord[];
  /** Bytes of an unfinished last write that were dropped; nothing in them had been promised. */
  readonly droppedBytes: number;
}

/**
 * Where a client keeps what it accepted and finished. One writer at a time; entries keep their order.
 * After a rejected `flush`, `sync` or `replace` the journal must not be used any more.
 */
export interface Journal {
  /** Takes the journal for this process and reads it. Throws {@link JournalLockedError} if it is taken. */
  open(): Promise<OpenedJournal>;
  /** Hands over one entry. Cheap; it may be lost until the next flush. */
  append(record: JournalRecord): void;
  /** Resolves when all entries so far outlive this process. */
  flush(): Promise<void>;
  /** Resolves when all entries so far outlive the machine's power. Calls that overlap share one write. */
  sync(): Promise<void>;
  /** Whether it has grown enough to be worth a {@link replace}. */
  readonly overgrown: boolean;
  /**
   * Puts a snapshot in the place of all entries so far, at once or not at all. Entries that are
   * appended while this goes on follow the snapshot.
   */
  replace(snapshot: Iterable<JournalRecord>): Promise<void>;
  /** Syncs, and lets another process have it. */
  close(): Promise<void>;
}
