import { type Journal, JournalLockedError, type OpenedJournal } from "./journal.ts";
import type { JournalRecord } from "./record.ts";

const STORE = "records";
/** Entries since the last snapshot that make a journal worth replacing. */
const OVERGROWN_RECORDS = 5_000;

/**
 * A journal in the browser's IndexedDB, under a name of its own. Where the Web Locks API exists, two
 * tabs cannot hold it at the same time. A flush is one transaction; a sync asks for strict durability.
 */
export function indexedDbJournal(name = "sluice-journal"): Journal {
  return new IndexedDbJournal(name);
}

class IndexedDbJournal implements Journal {
  readonly #name: string;
  #database: IDBDatabase | null = null;
  #unlock: () => void = () => {};
  #waiting: JournalRecord[] = [];
  #appended = 0;
  /** Writes follow each other, so entries keep their order. */
  #last: Promise<void> = Promise.resolve();

  constructor(name: string) {
    this.#name = name;
  }

  get overgrown(): boolean {
    return this.#appended > OVERGROWN_RECORDS;
  }

  async open(): Promise<OpenedJournal> {
    this.#unlock = await takeLock(this.#name);
    const opening = indexedDB.open(this.#name, 1);
    opening.onupgradeneeded = () =>
      opening.result.createObjectStore(STORE, { autoIncrement: true });
    this.#database = await result(opening);
    const reading = this.#store("readonly", "relaxed").getAll();
    // The store holds only what this class put there.
    const records: readonly JournalRecord[] = await result(reading);
    this.#appended = records.length;
    return { records, droppedBytes: 0 };
  }

  append(record: JournalRecord): void {
    this.#waiting.push(record);
  }

  flush(): Promise<void> {
    return this.#write("relaxed");
  }

  sync(): Promise<void> {
    return this.#write("strict");
  }

  replace(snapshot: Iterable<JournalRecord>): Promise<void> {
    const records = [...snapshot];
    // What waits is part of the snapshot.
    this.#waiting = [];
    this.#appended = 0;
    return this.#then(() => {
      const store = this.#store("readwrite", "strict");
      store.clear();
      for (const record of records) store.add(record);
      return committed(store.transaction);
    });
  }

  async close(): Promise<void> {
    try {
      await this.sync();
    } finally {
      this.#database?.close();
      this.#unlock();
    }
  }

  #write(durability: IDBTransactionDurability): Promise<void> {
    return this.#then(() => {
      const records = this.#waiting.splice(0);
      if (records.length === 0) return Promise.resolve();
      this.#appended += records.length;
      const store = this.#store("readwrite", durability);
      for (const record of records) store.add(record);
      return committed(store.transaction);
    });
  }

  #then(write: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(write);
    return this.#last;
  }

  #store(mode: IDBTransactionMode, durability: IDBTransactionDurability): IDBObjectStore {
    if (this.#database === null) throw new Error("the journal is not open");
    return this.#database.transaction(STORE, mode, { durability }).objectStore(STORE);
  }
}

function result<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

/** Holds the Web Lock of this name until the returned function is called. */
function takeLock(name: string): Promise<() => void> {
  if (typeof navigator === "undefined" || !("locks" in navigator)) {
    return Promise.resolve(() => {});
  }
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`sluice:${name}`, { ifAvailable: true }, (lock) => {
        if (lock === null) throw new JournalLockedError("the journal is in use in another tab");
        return new Promise<void>((release) => resolve(() => release()));
      })
      .catch(reject);
  });
}
