import * as fs from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { JournalLockedError } from "./journal.ts";

/** A lock that is held. */
export interface FileLock {
  /** Gives it up; does nothing if another process took it over. */
  release(): void;
}

/** Time in which two processes that both take over a dead one's lock see who was last. */
const TAKE_OVER_MS = 50;

/**
 * Takes the lock file at `path`, or throws {@link JournalLockedError} while a living process holds it.
 * Linking a written file into place is atomic, so a lock is never seen half written. A lock whose
 * process is dead, or whose number now belongs to another process, is taken over.
 */
export async function lockFile(path: string): Promise<FileLock> {
  const owner = `${process.pid} ${processStart(process.pid)} ${crypto.randomUUID()}`;
  const own = `${path}.${process.pid}.${crypto.randomUUID()}`;
  fs.writeFileSync(own, owner, { mode: 0o600 });
  try {
    if (linkFree(own, path)) return held(path, owner);
    if (isAlive(readOwner(path))) throw new JournalLockedError("the journal is in use");
    fs.renameSync(own, path);
    await wait(TAKE_OVER_MS);
    if (readOwner(path) !== owner) throw new JournalLockedError("the journal is in use");
    return held(path, owner);
  } finally {
    fs.rmSync(own, { force: true });
  }
}

function held(path: string, owner: string): FileLock {
  return {
    release() {
      if (readOwner(path) === owner) fs.rmSync(path, { force: true });
    },
  };
}

/** Whether the lock was free and is now ours. */
function linkFree(own: string, path: string): boolean {
  try {
    fs.linkSync(own, path);
    return true;
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false;
    throw cause;
  }
}

function readOwner(path: string): string {
  try {
    return fs.readFileSync(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return "";
    throw cause;
  }
}

function isAlive(owner: string): boolean {
  const [number = "", start = ""] = owner.split(" ");
  const pid = Number(number);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (cause) {
    // EPERM: it lives and is another user's.
    if (codeOf(cause) !== "EPERM") return false;
  }
  return processStart(pid) === start;
}

/**
 * When a process began, in ticks since boot, which tells it from a later one of the same number; a
 * constant where the system has no `/proc`.
 */
function processStart(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    // proc(5): the name in brackets may hold spaces; the start time is the 20th field after it.
    const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    return `${bootId()}:${start}`;
  } catch {
    return "-";
  }
}

/** Ticks start again at every boot, so the boot is part of the name of a process. */
function bootId(): string {
  return fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
}
