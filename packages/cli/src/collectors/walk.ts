import type { Dirent } from "node:fs";
import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "./errors.ts";

/** Entries after which a walk gives up, whatever its caller wanted of them. */
const MOST_VISITED = 2_000_000;

/** What a walk meets: an entry, or something that could not be read. */
export type Visited =
  | { readonly kind: "entry"; readonly path: string; readonly entry: Dirent }
  | { readonly kind: "error"; readonly path: string; readonly error: string };

/**
 * Walks a directory, entries of a directory before what lies beneath them. Symbolic links are visited
 * and never followed. Streams, so that a caller may stop early on a directory of any size.
 * @param maxDepth 1 lists the directory alone
 */
export async function* walk(root: string, maxDepth: number): AsyncGenerator<Visited> {
  const pending = [{ path: root, depth: 1 }];
  let visited = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for await (const found of readDirectory(next.path)) {
      visited += 1;
      if (visited > MOST_VISITED) {
        yield { kind: "error", path: root, error: `stopped after ${MOST_VISITED} entries` };
        return;
      }
      yield found;
      const descend = found.kind === "entry" && found.entry.isDirectory() && next.depth < maxDepth;
      if (descend) pending.push({ path: found.path, depth: next.depth + 1 });
    }
  }
}

async function* readDirectory(path: string): AsyncGenerator<Visited> {
  try {
    for await (const entry of await opendir(path)) {
      yield { kind: "entry", path: join(path, entry.name), entry };
    }
  } catch (error) {
    yield { kind: "error", path, error: errorCode(error) };
  }
}
