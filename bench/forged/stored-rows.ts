import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Every row in every database under a folder: of the objects and of KV alike. */
export function storedRows(folder: string): ReadonlySet<string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const databases = files.filter((file) => file.endsWith(".sqlite"));
  return new Set(databases.flatMap((file) => rowsOf(folder, file)));
}

/** How many rows there are that were not there before, or are not as they were. */
export function newRows(before: ReadonlySet<string>, after: ReadonlySet<string>): number {
  return [...after].filter((row) => !before.has(row)).length;
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
