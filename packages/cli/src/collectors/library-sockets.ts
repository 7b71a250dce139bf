import type { Systeminformation } from "systeminformation";
import type { SocketRow } from "./socket-row.ts";

/** Reads sockets through the `systeminformation` package: macOS, Windows and the BSDs. */
export async function librarySockets(): Promise<SocketRow[]> {
  // Loaded only where it is used: Linux reads /proc.
  const { default: systeminformation } = await import("systeminformation");
  return (await systeminformation.networkConnections()).map(librarySocketRow);
}

/** Turns the library's description of a socket into a row. */
export function librarySocketRow(found: Systeminformation.NetworkConnectionsData): SocketRow {
  return {
    protocol: found.protocol,
    local: joinAddress(found.localAddress, found.localPort),
    remote: joinAddress(found.peerAddress, found.peerPort),
    state: found.state,
    pid: found.pid || null,
  };
}

function joinAddress(address: string, port: string): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}
