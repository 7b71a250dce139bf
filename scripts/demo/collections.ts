import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import type { TaskSpec } from "@sluice/protocol";

/** Folders of the project that the agent is asked to look through. */
const SOURCES = ["workers", "durable-objects", "packages", "scripts", "test"] as const;
const MOST_PROCESSES = 25;
const MOST_SOCKETS = 25;

/** A hundred collections, or `count` of them, that read this machine and the project's own files. */
export async function planCollections(root: string, count: number): Promise<readonly TaskSpec[]> {
  const folders = await sourceFolders(root);
  return Array.from({ length: count }, (_, number) => collection(number, folders));
}

/** Half of them read files, a folder each in turn; the others look at the running machine. */
function collection(number: number, folders: readonly string[]): TaskSpec {
  const folder = folders[number % folders.length] ?? "/";
  switch (number % 6) {
    case 0:
      return { kind: "system.info" };
    case 1:
      return { kind: "process.list", args: { limit: MOST_PROCESSES } };
    case 2:
      return { kind: "net.sockets", args: { limit: MOST_SOCKETS } };
    case 3:
      return { kind: "fs.list", args: { path: folder } };
    default:
      return { kind: "fs.hash", args: { glob: `${folder}/*` } };
  }
}

async function sourceFolders(root: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const source of SOURCES) {
    const entries = await readdir(join(root, source), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (entry.isFile() && !folders.includes(entry.parentPath)) folders.push(entry.parentPath);
    }
  }
  return folders.filter((folder) => !relative(root, folder).includes("node_modules")).sort();
}
