import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** What the service asks of its clients, and what they hear here: the same number of bytes. */
const HEARTBEAT = '"heartbeatMs":30000';
const BRISK_HEARTBEAT = '"heartbeatMs":200'.padEnd(HEARTBEAT.length);

type Side = "client" | "service";

/**
 * A line to the service that can go dead as a network does whose router forgot a connection: nothing
 * comes through any more, and neither side is told. A client hears a shorter heartbeat on it, so that it
 * finds out within a test's time.
 */
export class DeadLine {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Whose bytes the connections of now swallow. */
  #swallowed: Set<Side> = new Set();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async open(servicePort: number): Promise<DeadLine> {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const line = new DeadLine(server, address.port);
    server.on("connection", (client) => line.#join(client, connect(servicePort, "127.0.0.1")));
    return line;
  }

  /** From now on nothing of these sides comes through; connections that are opened later work. */
  swallow(...sides: readonly Side[]): void {
    for (const side of sides) this.#swallowed.add(side);
    this.#swallowed = new Set();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket, service: Socket): void {
    const swallowed = this.#swallowed;
    this.#carry("client", client, service, swallowed);
    this.#carry("service", service, client, swallowed);
  }

  #carry(side: Side, from: Socket, to: Socket, swallowed: ReadonlySet<Side>): void {
    this.#sockets.add(from);
    from.on("error", () => {});
    from.on("data", (bytes) => {
      if (!swallowed.has(side)) to.write(side === "service" ? briskly(bytes) : bytes);
    });
    from.on("close", () => {
      this.#sockets.delete(from);
      if (swallowed.size === 0) to.destroy();
    });
  }
}

/** Frames of the service are not masked, so their text stands in the bytes as it is. */
function briskly(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1");
  return text.includes(HEARTBEAT)
    ? Buffer.from(text.replace(HEARTBEAT, BRISK_HEARTBEAT), "latin1")
    : bytes;
}
