import { realpath } from "node:fs/promises";
import { relative, sep } from "node:path";
import { fail, ok } from "@sluice/protocol";
import { count, readArguments, text } from "./arguments.ts";
import type { Collector, CollectorContext } from "./collector.ts";
import { errorCode } from "./errors.ts";
import { type FileHash, hashFile } from "./file-hash.ts";
import { type Glob, parseGlob } from "./glob.ts";
import { RowBuffer } from "./row-buffer.ts";
import { walk } from "./walk.ts";

const DEFAULT_FILES = 10_000;
const MOST_FILES = 100_000;
const DEFAULT_BYTES = 10 * 1024 ** 3;
const MOST_BYTES = 1024 ** 4;
/** Progress is said in steps of this share. */
const PROGRESS_STEP = 0.02;

export interface FsHashArgs {
  readonly glob: Glob;
  readonly maxFiles: number;
  readonly maxBytes: number;
}

/** A row `{path, size, mtime, sha256}` for each file of a glob, `{path, error}` where that failed. */
export const fsHash: Collector<FsHashArgs> = {
  kind: "fs.hash",
  describe: "SHA-256 of the files that an absolute glob matches; symbolic links are not followed",
  parse(args) {
    const read = readArguments(args, {
      glob: text(4_096),
      maxFiles: count(MOST_FILES, DEFAULT_FILES),
      maxBytes: count(MOST_BYTES, DEFAULT_BYTES),
    });
    if (!read.ok) return read;
    const glob = parseGlob(read.value.glob);
    if (!glob.ok) return fail(`argument "glob" ${glob.error}`);
    return ok({ ...read.value, glob: glob.value });
  },
  async run({ glob, maxFiles, maxBytes }, context) {
    const rows = new RowBuffer(context);
    const root = await realpath(glob.root);
    const paths = await findFiles({ ...glob, root }, maxFiles, rows, context.signal);
    await hashFiles(root, paths, maxBytes, rows, context);
    await rows.flush();
  },
};

/** Finds the files before any is hashed, so that progress has a whole to be a share of. */
async function findFiles(
  glob: Glob,
  maxFiles: number,
  rows: RowBuffer,
  signal: AbortSignal,
): Promise<string[]> {
  const paths: string[] = [];
  for await (const visited of walk(glob.root, glob.maxDepth)) {
    signal.throwIfAborted();
    if (visited.kind === "error") {
      await rows.push({ path: visited.path, error: visited.error });
      continue;
    }
    if (!glob.matches(relative(glob.root, visited.path).replaceAll(sep, "/"))) continue;
    if (visited.entry.isSymbolicLink()) {
      await rows.push({ path: visited.path, error: "symbolic link, not followed" });
    } else if (visited.entry.isFile()) {
      if (paths.length === maxFiles) {
        await rows.push({ path: glob.root, error: `stopped after ${maxFiles} files` });
        break;
      }
      paths.push(visited.path);
    }
  }
  return paths;
}

async function hashFiles(
  root: string,
  paths: readonly string[],
  maxBytes: number,
  rows: RowBuffer,
  context: CollectorContext,
): Promise<void> {
  let bytesLeft = maxBytes;
  let announced = 0;
  for (const [index, path] of paths.entries()) {
    const hash = await hashOrError(root, path, bytesLeft, context.signal);
    if ("size" in hash) bytesLeft -= hash.size;
    await rows.push({ path, ...hash });
    const done = (index + 1) / paths.length;
    if (done - announced >= PROGRESS_STEP) {
      announced = done;
      context.progress(done, `${index + 1} of ${paths.length} files`);
    }
  }
}

async function hashOrError(
  root: string,
  path: string,
  bytesLeft: number,
  signal: AbortSignal,
): Promise<FileHash | { readonly error: string }> {
  try {
    return await hashFile(root, path, bytesLeft, signal);
  } catch (error) {
    signal.throwIfAborted();
    return { error: errorCode(error) };
  }
}
