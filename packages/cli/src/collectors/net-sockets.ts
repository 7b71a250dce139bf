import { count, readArguments } from "./arguments.ts";
import type { Collector } from "./collector.ts";
import { librarySockets } from "./library-sockets.ts";
import { linuxSockets } from "./linux-sockets.ts";
import { sendRows } from "./row-buffer.ts";

const MOST_SOCKETS = 200_000;

/** A row for each TCP and UDP socket. */
export const netSockets: Collector<{ readonly limit: number }> = {
  kind: "net.sockets",
  describe: "TCP and UDP sockets with their state and process",
  parse: (args) => readArguments(args, { limit: count(MOST_SOCKETS, MOST_SOCKETS) }),
  async run({ limit }, context) {
    const read = process.platform === "linux" ? linuxSockets : librarySockets;
    const sockets = await read(context.signal);
    await sendRows(context, sockets.slice(0, limit));
  },
};
