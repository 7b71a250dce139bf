import { existsSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";

/** Files in memory, where a system has them: local KV forces each value to the disk before it answers. */
const IN_MEMORY = "/dev/shm";
/** Room for 70,000 records in files of their own, several times over. */
const WANTED_BYTES = 1024 ** 3;

/** A folder for the benchmark's KV: in memory if there is enough room, else where temporary files go. */
export function storageFolder(): string {
  return hasRoom(IN_MEMORY) ? IN_MEMORY : tmpdir();
}

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= WANTED_BYTES;
}
