import { once } from "node:events";
import type { AddressInfo } from "node:net";
import {
  type ClientId,
  encodeFrame,
  PING,
  PONG,
  parseClientFrame,
  type TaskId,
  type TaskSpec,
} from "@sluice/protocol";
import { type WebSocket, WebSocketServer } from "ws";

const HOST = "127.0.0.1";
const EPOCH = 1;
const HEARTBEAT_MS = 30_000;
const TIMEOUT_MS = 60_000;
const DEADLINE_MS = 3_600_000;

/**
 * A server of sluice.v1 that does what Velociraptor did before its fix: every task leaves at once in a
 * frame of its own, whatever the client's limiter says. For one client and one connection; keeps nothing.
 */
export class UnbatchedServer {
  framesSent = 0;
  /** Frames that the client has taken; its acks are cumulative. */
  acknowledged = 0;
  readonly #server: WebSocketServer;
  #socket: WebSocket | null = null;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#socket = socket;
      socket.on("message", (data) => this.#receive(socket, data.toString()));
    });
  }

  /** Listens on a free port of 127.0.0.1. */
  static async listen(): Promise<UnbatchedServer> {
    const server = new WebSocketServer({ host: HOST, port: 0 });
    await once(server, "listening");
    return new UnbatchedServer(server);
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://${HOST}:${port}`;
  }

  /** Sends one task, in the one frame that it gets. */
  send({ kind, args = {} }: TaskSpec): void {
    this.framesSent += 1;
    const seq = this.framesSent;
    const deadline = new Date(Date.now() + DEADLINE_MS).toISOString();
    const id = `tk_unbatched-${seq}` as TaskId;
    const task = { id, attempt: 1, kind, args, priority: 5, timeoutMs: TIMEOUT_MS, deadline };
    this.#socket?.send(encodeFrame({ type: "batch", epoch: EPOCH, seq, tasks: [task] }));
  }

  async close(): Promise<void> {
    this.#socket?.terminate();
    this.#server.close();
    await once(this.#server, "close");
  }

  #receive(socket: WebSocket, text: string): void {
    if (text === PING) socket.send(PONG);
    const frame = parseClientFrame(text);
    if (!frame.ok) return;
    switch (frame.value.type) {
      case "hello":
        socket.send(welcome());
        return;
      case "ack":
        this.acknowledged = frame.value.seq;
        return;
      case "report":
        socket.send(encodeFrame({ type: "reported", seq: frame.value.seq }));
    }
  }
}

function welcome(): string {
  return encodeFrame({
    type: "welcome",
    epoch: EPOCH,
    clientId: "cl_unbatched" as ClientId,
    heartbeatMs: HEARTBEAT_MS,
    serverTime: new Date().toISOString(),
  });
}
