import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { librarySocketRow } from "../../../packages/cli/src/collectors/library-sockets.ts";
import {
  parseSocketTable,
  readableAddress,
} from "../../../packages/cli/src/collectors/linux-sockets.ts";
import { netSockets } from "../../../packages/cli/src/collectors/net-sockets.ts";
import { collect } from "./collecting.ts";

async function listen(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe("net.sockets", () => {
  it("finds a listening socket and whose it is", async () => {
    const port = await listen();
    expect((await collect(netSockets)).rows).toContainEqual({
      protocol: "tcp",
      local: `127.0.0.1:${port}`,
      remote: expect.stringMatching(/^0\.0\.0\.0:/),
      state: "LISTEN",
      pid: process.pid,
    });
  });

  it("finds both ends of a connection", async () => {
    const port = await listen();
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
    const near = `127.0.0.1:${socket.localPort}`;
    const far = `127.0.0.1:${port}`;

    const { rows } = await collect(netSockets);

    const established = { state: "ESTABLISHED", pid: process.pid };
    expect(rows).toContainEqual({ protocol: "tcp", local: near, remote: far, ...established });
  });

  it.runIf(process.platform === "linux")("finds a UDP socket", async () => {
    const socket = createSocket("udp4");
    onTestFinished(() => void socket.close());
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    expect((await collect(netSockets)).rows).toContainEqual(
      expect.objectContaining({
        protocol: "udp",
        local: `127.0.0.1:${socket.address().port}`,
        state: "UNCONNECTED",
        pid: process.pid,
      }),
    );
  });
});

describe("an address in /proc/net", () => {
  it.each([
    ["0100007F:1F90", "127.0.0.1:8080"],
    ["00000000:0000", "0.0.0.0:0"],
    ["00000000000000000000000001000000:0016", "[::1]:22"],
    ["B80D01200000000067452301EFCDAB89:01BB", "[2001:db8::123:4567:89ab:cdef]:443"],
    ["0000000000000000FFFF00000100007F:0050", "[::ffff:127.0.0.1]:80"],
  ])("%s reads %s on a little-endian machine", (kernel, readable) => {
    expect(readableAddress(kernel, "LE")).toBe(readable);
  });

  it("reads in its own order on a big-endian machine", () => {
    expect(readableAddress("7F000001:1F90", "BE")).toBe("127.0.0.1:8080");
  });
});

describe("a table of /proc/net", () => {
  const line = (state: string) =>
    `   0: 0100007F:07E8 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1578 1`;

  it("names the owner of a socket where it is known", () => {
    const [row] = parseSocketTable("tcp", `head\n${line("0A")}\n`, new Map([["1578", 12]]));
    expect(row).toMatchObject({ state: "LISTEN", pid: 12 });
  });

  it("says null for an owner that may not be seen", () => {
    expect(parseSocketTable("tcp", `head\n${line("0A")}\n`, new Map())[0]?.pid).toBeNull();
  });

  it("may hold a state of a later kernel, and lines that are cut off", () => {
    const rows = parseSocketTable("tcp", `head\n${line("FE")}\n   1: 0100\n`, new Map());
    expect(rows.map(({ state }) => state)).toEqual(["UNKNOWN"]);
  });
});

it("a socket by the library is written in the same way", () => {
  const found = {
    protocol: "tcp6",
    localAddress: "::1",
    localPort: "22",
    peerAddress: "::",
    peerPort: "*",
    state: "LISTEN",
    pid: 0,
    process: "",
  };
  expect(librarySocketRow(found)).toEqual({
    protocol: "tcp6",
    local: "[::1]:22",
    remote: "[::]:*",
    state: "LISTEN",
    pid: null,
  });
});
