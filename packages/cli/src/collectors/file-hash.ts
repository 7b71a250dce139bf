import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { sep } from "node:path";

/** Bytes that are in memory at a time. */
const CHUNK_BYTES = 256 * 1024;

export type FileHash = {
  /** Bytes that were hashed. */
  readonly size: number;
  /** ISO 8601. */
  readonly mtime: string;
  /** Lower-case hex. */
  readonly sha256: string;
};

/**
 * Hashes one regular file beneath `root`, streaming. Throws when the file is larger than `maxBytes`,
 * is no regular file, is or became a symbolic link, lies outside the root, or cannot be read.
 */
export async function hashFile(
  root: string,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<FileHash> {
  // A directory on the way may have been exchanged for a link since it was walked.
  const real = await realpath(path);
  if (!isBeneath(root, real)) throw new Error("leads outside the searched directory");
  // Not following keeps a late link out; not blocking keeps a late pipe from holding us.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(real, flags);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Error("not a regular file");
    if (stats.size > maxBytes) throw new Error("over what is left of maxBytes");
    const { size, sha256 } = await hashContent(file, maxBytes, signal);
    return { size, mtime: stats.mtime.toISOString(), sha256 };
  } finally {
    await file.close();
  }
}

async function hashContent(file: FileHandle, maxBytes: number, signal: AbortSignal) {
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let size = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, size);
    if (bytesRead === 0) return { size, sha256: hash.digest("hex") };
    size += bytesRead;
    // A file can grow while it is read, and files of /proc do not say their size.
    if (size > maxBytes) throw new Error("over what is left of maxBytes");
    hash.update(chunk.subarray(0, bytesRead));
  }
}

function isBeneath(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}
