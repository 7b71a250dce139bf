import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import type { JsonObject } from "@sluice/protocol";
import { absolutePath, count, flag, readArguments } from "./arguments.ts";
import type { Collector } from "./collector.ts";
import { errorCode } from "./errors.ts";
import { sendRows } from "./row-buffer.ts";
import { type Visited, walk } from "./walk.ts";

const DEFAULT_ENTRIES = 10_000;
const MOST_ENTRIES = 200_000;

export interface FsListArgs {
  readonly path: string;
  readonly recursive: boolean;
  readonly limit: number;
}

/** A row for each entry of a directory; `{path, error}` for what could not be read. */
export const fsList: Collector<FsListArgs> = {
  kind: "fs.list",
  describe:
    "entries of a directory with type, size, mode and times; symbolic links are not followed",
  parse: (args) =>
    readArguments(args, {
      path: absolutePath(),
      recursive: flag(false),
      limit: count(MOST_ENTRIES, DEFAULT_ENTRIES),
    }),
  async run(args, context) {
    const root = await lstat(args.path);
    if (!root.isDirectory()) return context.row(entryRow(args.path, root));
    await sendRows(context, listing(args));
  },
};

async function* listing({ path, recursive, limit }: FsListArgs): AsyncGenerator<JsonObject> {
  let sent = 0;
  for await (const visited of walk(path, recursive ? Number.POSITIVE_INFINITY : 1)) {
    if (sent === limit) {
      yield { path, error: `stopped after ${limit} entries` };
      return;
    }
    sent += 1;
    yield await describeVisited(visited);
  }
}

async function describeVisited(visited: Visited): Promise<JsonObject> {
  if (visited.kind === "error") return { path: visited.path, error: visited.error };
  try {
    return entryRow(visited.path, await lstat(visited.path));
  } catch (error) {
    return { path: visited.path, error: errorCode(error) };
  }
}

function entryRow(path: string, stats: Stats): JsonObject {
  return {
    path,
    type: entryType(stats),
    size: stats.size,
    mode: (stats.mode & 0o7777).toString(8).padStart(4, "0"),
    mtime: stats.mtime.toISOString(),
  };
}

function entryType(stats: Stats): string {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  if (stats.isSymbolicLink()) return "symlink";
  if (stats.isSocket()) return "socket";
  if (stats.isFIFO()) return "fifo";
  return "device";
}
