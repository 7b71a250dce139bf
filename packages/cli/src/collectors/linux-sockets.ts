import { readdir, readFile, readlink } from "node:fs/promises";
import { endianness } from "node:os";
import type { SocketRow } from "./socket-row.ts";

const PROTOCOLS = ["tcp", "tcp6", "udp", "udp6"] as const;

/** Socket states by their number in the kernel, include/net/tcp_states.h. */
const STATES: readonly string[] = [
  "UNKNOWN",
  "ESTABLISHED",
  "SYN_SENT",
  "SYN_RECV",
  "FIN_WAIT1",
  "FIN_WAIT2",
  "TIME_WAIT",
  "CLOSE",
  "CLOSE_WAIT",
  "LAST_ACK",
  "LISTEN",
  "CLOSING",
  "NEW_SYN_RECV",
];

/** Reads all internet sockets from /proc/net, and whose they are from each process's open files. */
export async function linuxSockets(signal: AbortSignal): Promise<SocketRow[]> {
  const owners = await socketOwners(signal);
  const tables = await Promise.all(
    PROTOCOLS.map(async (protocol) => {
      // A kernel without IPv6 has no table of it.
      const table = await readFile(`/proc/net/${protocol}`, "utf8").catch(() => "");
      return parseSocketTable(protocol, table, owners);
    }),
  );
  return tables.flat();
}

/** Parses one /proc/net table (proc_net(5)). `owners` maps a socket's inode to a process id. */
export function parseSocketTable(
  protocol: string,
  table: string,
  owners: ReadonlyMap<string, number>,
): SocketRow[] {
  return table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const columns = line.trim().split(/\s+/);
      const [, local, remote, state] = columns;
      const inode = columns[9];
      if (!local || !remote || !state || !inode) return [];
      return {
        protocol,
        local: readableAddress(local),
        remote: readableAddress(remote),
        state: stateName(protocol, state),
        pid: owners.get(inode) ?? null,
      };
    });
}

/** Turns `0100007F:1F90` into `127.0.0.1:8080`. Words of the address are in the machine's byte order. */
export function readableAddress(kernelText: string, byteOrder = endianness()): string {
  const [hex = "", port = "0"] = kernelText.split(":");
  const bytes = Buffer.from(hex, "hex");
  if (byteOrder === "LE") bytes.swap32();
  const address = bytes.length === 4 ? bytes.join(".") : `[${readableIpv6(bytes)}]`;
  return `${address}:${Number.parseInt(port, 16)}`;
}

function readableIpv6(bytes: Buffer): string {
  const mapped = bytes.subarray(0, 12).toString("hex") === "00000000000000000000ffff";
  if (mapped) return `::ffff:${bytes.subarray(12).join(".")}`;
  const groups = bytes.toString("hex").match(/.{4}/g) ?? [];
  // The URL parser writes an address in its shortest form (RFC 5952).
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/** UDP has no states; the kernel says 7 for a socket that is bound and has no peer. */
function stateName(protocol: string, hex: string): string {
  const state = STATES[Number.parseInt(hex, 16)] ?? "UNKNOWN";
  return protocol.startsWith("udp") && state === "CLOSE" ? "UNCONNECTED" : state;
}

async function socketOwners(signal: AbortSignal): Promise<Map<string, number>> {
  const owners = new Map<string, number>();
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    signal.throwIfAborted();
    for (const inode of await socketInodes(pid)) owners.set(inode, Number(pid));
  }
  return owners;
}

async function socketInodes(pid: string): Promise<string[]> {
  const directory = `/proc/${pid}/fd`;
  // Processes of other users are closed to us, and any may end while we look.
  const descriptors = await readdir(directory).catch(() => []);
  const targets = await Promise.all(
    descriptors.map((descriptor) => readlink(`${directory}/${descriptor}`).catch(() => "")),
  );
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}
