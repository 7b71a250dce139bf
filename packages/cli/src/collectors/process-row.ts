/** Longest command line that is reported, in characters. */
export const COMMAND_CHARACTERS = 4_096;

/** One process. `cpuPercent` is of one processor, averaged over the life of the process, as `ps` does. */
export type ProcessRow = {
  pid: number;
  ppid: number;
  name: string;
  user: string;
  command: string;
  cpuPercent: number;
  memoryBytes: number;
  /** ISO 8601, or null where the system does not say. */
  started: string | null;
};
