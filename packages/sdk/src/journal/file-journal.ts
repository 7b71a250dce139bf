import * as fs from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { type FileLock, lockFile } from "./file-lock.ts";
import type { Journal, OpenedJournal } from "./journal.ts";
import { parseRecord } from "./parse-record.ts";
import type { JournalRecord } from "./record.ts";

/** First line of the file; a later layout gets another number. */
const HEADER = '{"sluiceJournal":1}\n';
const REPLACE_ABOVE_BYTES = 8 * 1024 * 1024;
/** Only the owner may read what tasks carry. */
const FILE_MODE = 0o600;

const fdatasync = promisify(fs.fdatasync);

/**
 * A journal in one file of JSON lines, for Node, Deno and Bun. A flush is a `write`, which survives the
 * death of the process; a sync is an `fdatasync`, shared by all who wait at that time. It is replaced
 * by writing a new file beside it, syncing it, and renaming it into place; until that rename is on disk
 * every entry goes to both files. A torn end is cut off when it is opened.
 * `replaceAboveBytes` is the size from which it is replaced, once it has doubled since the last time.
 */
export function fileJournal(
  path: string,
  { replaceAboveBytes = REPLACE_ABOVE_BYTES }: { readonly replaceAboveBytes?: number } = {},
): Journal {
  return new FileJournal(path, replaceAboveBytes);
}

class FileJournal implements Journal {
  readonly #path: string;
  readonly #replaceAboveBytes: number;
  #lock: FileLock | null = null;
  /** The journal, and while it is being replaced its successor. */
  #files: number[] = [];
  #waiting = "";
  #flushing = false;
  #failure: unknown = null;
  #bytes = 0;
  #snapshotBytes = 0;
  #syncing: Promise<void> | null = null;
  #nextSync: Promise<void> | null = null;
  #replacing: Promise<void> | null = null;

  constructor(path: string, replaceAboveBytes: number) {
    this.#path = path;
    this.#replaceAboveBytes = replaceAboveBytes;
  }

  get overgrown(): boolean {
    return (
      this.#replacing === null &&
      this.#bytes > Math.max(this.#replaceAboveBytes, 2 * this.#snapshotBytes)
    );
  }

  async open(): Promise<OpenedJournal> {
    fs.mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    this.#lock = await lockFile(`${this.#path}.lock`);
    try {
      return await this.#openLocked();
    } catch (cause) {
      this.#lock.release();
      throw cause;
    }
  }

  async #openLocked(): Promise<OpenedJournal> {
    fs.rmSync(this.#successorPath, { force: true });
    const file = fs.openSync(this.#path, "a+", FILE_MODE);
    this.#files = [file];
    const { records, soundBytes, totalBytes } = readRecords(fs.readFileSync(this.#path));
    fs.ftruncateSync(file, soundBytes);
    if (soundBytes === 0) this.#waiting = HEADER;
    this.#bytes = soundBytes;
    await this.sync();
    syncDirectory(dirname(this.#path));
    return { records, droppedBytes: totalBytes - soundBytes };
  }

  append(record: JournalRecord): void {
    this.#waiting += `${JSON.stringify(record)}\n`;
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      this.#write();
    });
  }

  async flush(): Promise<void> {
    this.#write();
    if (this.#failure !== null) throw this.#failure;
  }

  sync(): Promise<void> {
    if (this.#syncing === null) return this.#startSync();
    // The sync under way may have begun before the latest entries; all who come now share the next.
    this.#nextSync ??= this.#syncing.then(() => this.#startSync());
    return this.#nextSync;
  }

  #startSync(): Promise<void> {
    this.#nextSync = null;
    const sync = this.#syncFiles().finally(() => {
      if (this.#syncing === sync) this.#syncing = null;
    });
    this.#syncing = sync;
    return sync;
  }

  async #syncFiles(): Promise<void> {
    await this.flush();
    try {
      await Promise.all(this.#files.map((file) => fdatasync(file)));
    } catch (cause) {
      this.#failure ??= cause;
      throw cause;
    }
  }

  replace(snapshot: Iterable<JournalRecord>): Promise<void> {
    this.#replacing ??= this.#replace(snapshot).finally(() => {
      this.#replacing = null;
    });
    return this.#replacing;
  }

  async #replace(snapshot: Iterable<JournalRecord>): Promise<void> {
    // No await before both files stand equal: an entry between would be in the snapshot and after it.
    this.#write();
    const successor = fs.openSync(this.#successorPath, "ax", FILE_MODE);
    const bytes = writeSnapshot(successor, snapshot);
    this.#files.push(successor);
    await this.sync();
    fs.renameSync(this.#successorPath, this.#path);
    syncDirectory(dirname(this.#path));
    const [old] = this.#files.splice(0, 1);
    this.#bytes = bytes;
    this.#snapshotBytes = bytes;
    await this.sync();
    if (old !== undefined) fs.closeSync(old);
  }

  async close(): Promise<void> {
    await this.#replacing;
    try {
      await this.sync();
    } finally {
      for (const file of this.#files.splice(0)) fs.closeSync(file);
      this.#lock?.release();
    }
  }

  /** Writes what waits. After a failure nothing is written any more: half a line may stand there. */
  #write(): void {
    if (this.#waiting === "" || this.#failure !== null) return;
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = "";
    try {
      for (const file of this.#files) writeAll(file, bytes);
      this.#bytes += bytes.length;
    } catch (cause) {
      this.#failure = cause;
    }
  }

  get #successorPath(): string {
    return `${this.#path}.next`;
  }
}

function writeSnapshot(file: number, snapshot: Iterable<JournalRecord>): number {
  let written = writeAll(file, Buffer.from(HEADER));
  for (const record of snapshot) {
    written += writeAll(file, Buffer.from(`${JSON.stringify(record)}\n`));
  }
  return written;
}

function writeAll(file: number, bytes: Buffer): number {
  let written = 0;
  while (written < bytes.length) written += fs.writeSync(file, bytes, written);
  return written;
}

/** Makes a rename or a new file's name durable. Some systems cannot; there the rename alone must do. */
function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const directory = fs.openSync(path, "r");
  try {
    fs.fsyncSync(directory);
  } finally {
    fs.closeSync(directory);
  }
}

interface ReadRecords {
  readonly records: readonly JournalRecord[];
  /** Bytes up to the end of the last sound line. */
  readonly soundBytes: number;
  readonly totalBytes: number;
}

/**
 * Reads entries up to the first damaged line. What follows it was written after the last sync, for a
 * sync covers everything before it, so nothing there was promised to anyone.
 */
function readRecords(bytes: Buffer): ReadRecords {
  const records: JournalRecord[] = [];
  const totalBytes = bytes.length;
  if (!bytes.subarray(0, HEADER.length).equals(Buffer.from(HEADER))) {
    return refuseForeign(bytes, totalBytes);
  }
  let at = HEADER.length;
  for (let end = bytes.indexOf(10, at); end >= 0; end = bytes.indexOf(10, at)) {
    const record = parseRecord(bytes.toString("utf8", at, end));
    if (!record.ok) break;
    records.push(record.value);
    at = end + 1;
  }
  return { records, soundBytes: at, totalBytes };
}

/** A file whose header is torn is a new journal; any other file is not ours to truncate. */
function refuseForeign(bytes: Buffer, totalBytes: number): ReadRecords {
  if (!HEADER.startsWith(bytes.toString("utf8"))) {
    throw new Error("the file is not a journal of this version");
  }
  return { records: [], soundBytes: 0, totalBytes };
}
