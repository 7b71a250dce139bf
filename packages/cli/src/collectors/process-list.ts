import { count, readArguments } from "./arguments.ts";
import type { Collector } from "./collector.ts";
import { libraryProcesses } from "./library-processes.ts";
import { linuxProcesses } from "./linux-processes.ts";
import { sendRows } from "./row-buffer.ts";

const MOST_PROCESSES = 100_000;

/** A row for each process. */
export const processList: Collector<{ readonly limit: number }> = {
  kind: "process.list",
  describe: "running processes with owner, command line, processor time and memory",
  parse: (args) => readArguments(args, { limit: count(MOST_PROCESSES, MOST_PROCESSES) }),
  async run({ limit }, context) {
    const read = process.platform === "linux" ? linuxProcesses : libraryProcesses;
    const processes = await read(context.signal);
    await sendRows(context, processes.slice(0, limit));
  },
};
