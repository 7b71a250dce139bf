import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Where the runtime lists the alarms ahead, a row each. */
const ALARM_LIST = "_cf_ALARM";
/** Where an object keeps its own alarm, under 1: a time, or nothing once it has gone off. */
const OBJECT_ALARM = /\/_cf_METADATA: 1\|\d+$/;

/** Every row in every database under a folder, of the objects and of KV alike, as `file/table: values`. */
export function storedRows(folder: string): ReadonlySet<string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const databases = files.filter((file) => file.endsWith(".sqlite"));
  return new Set(databases.flatMap((file) => rowsOf(folder, file)));
}

/** The rows that were not there before, or are not as they were. */
export function newRows(before: ReadonlySet<string>, after: ReadonlySet<string>): string[] {
  return [...after].filter((row) => !before.has(row));
}

/**
 * The alarms that are still ahead or are being served. An object that has something left to write, an outbox
 * say, has one; when there is none, storage is at rest until the next call.
 */
export function pendingAlarms(rows: ReadonlySet<string>): string[] {
  return [...rows].filter((row) => row.includes(`/${ALARM_LIST}: `) || OBJECT_ALARM.test(row));
}

function rowsOf(folder: string, file: string): string[] {
  const database = new DatabaseSync(join(folder, file), { readOnly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    return tables.flatMap(({ name }) => {
      const rows = database.prepare(`SELECT * FROM "${name}"`);
      // Times in nanoseconds are beyond a number's exact range.
      rows.setReadBigInts(true);
      return rows.all().map((row) => `${file}/${name}: ${Object.values(row).join("|")}`);
    });
  } finally {
    database.close();
  }
}
