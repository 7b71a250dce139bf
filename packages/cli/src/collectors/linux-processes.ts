import { readdir, readFile } from "node:fs/promises";
import { COMMAND_CHARACTERS, type ProcessRow } from "./process-row.ts";

/** Clock ticks a second in /proc; USER_HZ is 100 on every architecture that Node runs on. */
const USER_HZ = 100;

/** Facts of the machine that turn a process's ticks into times. */
export interface ProcessClock {
  /** When the machine started, Unix seconds. */
  readonly bootSeconds: number;
  readonly uptimeSeconds: number;
}

/** What /proc says of one process, as text. */
export interface ProcessFiles {
  readonly stat: string;
  readonly status: string;
  /** Arguments separated by NUL; empty for kernel threads. */
  readonly commandLine: string;
}

/** Reads all processes from /proc, see proc(5); needs no `ps`. Processes that end meanwhile are left out. */
export async function linuxProcesses(signal: AbortSignal): Promise<ProcessRow[]> {
  const [names, passwords, clock] = await Promise.all([
    readdir("/proc"),
    readFile("/etc/passwd", "utf8").catch(() => ""),
    readClock(),
  ]);
  const users = parseUsers(passwords);
  const rows: ProcessRow[] = [];
  for (const name of names.filter((entry) => /^\d+$/.test(entry))) {
    signal.throwIfAborted();
    const files = await readProcess(name);
    const row = files === null ? null : processRow(files, clock, users);
    if (row !== null) rows.push(row);
  }
  return rows;
}

/** Builds the row of one process; null when /proc said something that is not understood. */
export function processRow(
  files: ProcessFiles,
  clock: ProcessClock,
  users: ReadonlyMap<string, string>,
): ProcessRow | null {
  // The name stands in parentheses and may itself hold spaces and parentheses.
  const opening = files.stat.indexOf("(");
  const closing = files.stat.lastIndexOf(")");
  if (opening < 0 || closing < opening) return null;
  const name = files.stat.slice(opening + 1, closing);
  // Numbered as in proc(5), where the state after the name is field 3.
  const fields = files.stat.slice(closing + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  const startedSeconds = field(22) / USER_HZ;
  const ranSeconds = Math.max(clock.uptimeSeconds - startedSeconds, 1 / USER_HZ);
  const userId = statusField(files.status, "Uid");
  const command = files.commandLine.replaceAll("\0", " ").trim();
  return {
    pid: Number.parseInt(files.stat, 10),
    ppid: field(4),
    name,
    user: users.get(userId) ?? userId,
    command: (command === "" ? `[${name}]` : command).slice(0, COMMAND_CHARACTERS),
    cpuPercent: Math.round((1_000 * (field(14) + field(15))) / USER_HZ / ranSeconds) / 10,
    memoryBytes: Number(statusField(files.status, "VmRSS") || 0) * 1_024,
    started: new Date((clock.bootSeconds + startedSeconds) * 1_000).toISOString(),
  };
}

/** User names by user id, from the text of /etc/passwd. */
export function parseUsers(passwords: string): Map<string, string> {
  const lines = passwords.split("\n").map((line) => line.split(":"));
  return new Map(lines.flatMap(([name, , id]) => (name && id ? [[id, name] as const] : [])));
}

/** First value of a line of /proc/PID/status; empty when the line is missing. */
function statusField(status: string, name: string): string {
  return new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(status)?.[1] ?? "";
}

async function readProcess(pid: string): Promise<ProcessFiles | null> {
  try {
    const [stat, status, commandLine] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile(`/proc/${pid}/status`, "utf8"),
      readFile(`/proc/${pid}/cmdline`, "utf8"),
    ]);
    return { stat, status, commandLine };
  } catch {
    return null; // it ended since the directory was read
  }
}

async function readClock(): Promise<ProcessClock> {
  const [stat, uptime] = await Promise.all([
    readFile("/proc/stat", "utf8"),
    readFile("/proc/uptime", "utf8"),
  ]);
  const bootSeconds = Number(/^btime (\d+)/m.exec(stat)?.[1] ?? 0);
  return { bootSeconds, uptimeSeconds: Number.parseFloat(uptime) };
}
