import type { Journal } from "../journal/journal.ts";
import {
  applyRecord,
  emptyJournalState,
  type JournalState,
  snapshotRecords,
} from "../journal/journal-state.ts";
import type { JournalRecord } from "../journal/record.ts";

/** Keeps the state and its journal together: nothing changes the one without the other. */
export class Recorder {
  readonly state: JournalState = emptyJournalState();
  readonly #journal: Journal;
  readonly #failed: (cause: unknown) => void;

  /** `failed` hears of the first entry that could not be kept; the client must stop then. */
  constructor(journal: Journal, failed: (cause: unknown) => void) {
    this.#journal = journal;
    this.#failed = failed;
  }

  /** Opens the journal and rebuilds the state. Returns the bytes of a torn end that was dropped. */
  async open(): Promise<number> {
    const { records, droppedBytes } = await this.#journal.open();
    for (const record of records) applyRecord(this.state, record);
    return droppedBytes;
  }

  /** Keeps one entry and applies it. */
  record(record: JournalRecord): void {
    this.#journal.append(record);
    applyRecord(this.state, record);
  }

  /** Calls `then` once all entries so far outlive the process; never, if they cannot. */
  afterFlush(then: () => void): void {
    this.#journal.flush().then(then, this.#failed);
  }

  /** Calls `then` once all entries so far outlive the machine's power; never, if they cannot. */
  afterSync(then: () => void): void {
    this.#journal.sync().then(then, this.#failed);
  }

  /** Replaces an overgrown journal by a snapshot of the state. */
  trim(): void {
    if (!this.#journal.overgrown) return;
    this.#journal.replace(snapshotRecords(this.state)).catch(this.#failed);
  }

  close(): Promise<void> {
    return this.#journal.close();
  }
}
