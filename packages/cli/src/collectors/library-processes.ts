import type { Systeminformation } from "systeminformation";
import { COMMAND_CHARACTERS, type ProcessRow } from "./process-row.ts";

/** Reads all processes through the `systeminformation` package: macOS, Windows and the BSDs. */
export async function libraryProcesses(): Promise<ProcessRow[]> {
  // Loaded only where it is used: Linux reads /proc.
  const { default: systeminformation } = await import("systeminformation");
  const { list } = await systeminformation.processes();
  return list.map(libraryProcessRow);
}

/** Turns the library's description of a process into a row. */
export function libraryProcessRow(found: Systeminformation.ProcessesProcessData): ProcessRow {
  const started = new Date(found.started);
  return {
    pid: found.pid,
    ppid: found.parentPid,
    name: found.name,
    user: found.user,
    command: `${found.command} ${found.params}`.trim().slice(0, COMMAND_CHARACTERS),
    cpuPercent: Math.round(found.cpu * 10) / 10,
    memoryBytes: found.memRss * 1_024,
    started: Number.isNaN(started.getTime()) ? null : started.toISOString(),
  };
}
