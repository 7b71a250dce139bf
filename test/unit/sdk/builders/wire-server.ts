import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type AckFrame,
  type ClientFrame,
  type DeliveredTask,
  encodeFrame,
  type HelloFrame,
  parseClientFrame,
  type ReportFrame,
  type ReportItem,
  type ServerFrame,
  SUBPROTOCOL,
} from "@sluice/protocol";
import { type WebSocket, WebSocketServer } from "ws";

/** How long a test waits for what must happen before it is failed. */
const PATIENCE_MS = 30_000;

/** What the server does by itself; every part can be turned off to play a fault. */
export interface ServerManners {
  welcomes: boolean;
  answersPings: boolean;
  answersReports: boolean;
  heartbeatMs: number;
  /** Answers upgrades with this status instead. */
  refusal: { readonly status: number; readonly retryAfterSeconds: number } | null;
}

/** One connection, as the server sees it. */
export class ServerConnection {
  readonly frames: ClientFrame[] = [];
  readonly epoch: number;
  readonly authorization: string | undefined;
  /** The subprotocols that the client offered. */
  readonly offered: string | undefined;
  pings = 0;
  closed = false;
  readonly socket: WebSocket;

  constructor(socket: WebSocket, epoch: number, headers: IncomingHttpHeaders) {
    this.socket = socket;
    this.epoch = epoch;
    this.authorization = headers.authorization;
    this.offered = headers["sec-websocket-protocol"];
    socket.on("close", () => {
      this.closed = true;
    });
  }

  send(frame: ServerFrame): void {
    this.socket.send(encodeFrame(frame));
  }

  batch(seq: number, tasks: readonly DeliveredTask[]): void {
    this.send({ type: "batch", epoch: this.epoch, seq, tasks });
  }

  get hello(): HelloFrame | undefined {
    return this.frames.find((frame) => frame.type === "hello");
  }

  get acks(): AckFrame[] {
    return this.frames.filter((frame) => frame.type === "ack");
  }

  get reports(): ReportFrame[] {
    return this.frames.filter((frame) => frame.type === "report");
  }

  get items(): ReportItem[] {
    return this.reports.flatMap((report) => report.items);
  }
}

/** The server's side of the wire on 127.0.0.1, for one client. */
export class WireServer {
  readonly manners: ServerManners = {
    welcomes: true,
    answersPings: true,
    answersReports: true,
    heartbeatMs: 30_000,
    refusal: null,
  };
  readonly connections: ServerConnection[] = [];
  readonly upgradesAt: number[] = [];
  /** Every report seq that was answered, over all connections. */
  readonly stored = new Set<number>();
  readonly #http: Server;
  readonly #sockets: WebSocketServer;

  private constructor(http: Server) {
    this.#http = http;
    this.#sockets = new WebSocketServer({ noServer: true, handleProtocols: () => SUBPROTOCOL });
    http.on("upgrade", (request, socket, head) => {
      this.upgradesAt.push(Date.now());
      const { refusal } = this.manners;
      if (refusal !== null) {
        socket.end(
          `HTTP/1.1 ${refusal.status} Refused\r\nRetry-After: ${refusal.retryAfterSeconds}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
        );
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) =>
        this.#accept(webSocket, request.headers),
      );
    });
  }

  static async listen(manners: Partial<ServerManners> = {}): Promise<WireServer> {
    const http = createServer();
    const server = new WireServer(http);
    Object.assign(server.manners, manners);
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    const { port } = this.#http.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** The latest connection; throws before the first. */
  get connection(): ServerConnection {
    const last = this.connections.at(-1);
    if (last === undefined) throw new Error("no connection yet");
    return last;
  }

  /** Resolves with the `count`th connection once its hello arrived. */
  async greeted(count = 1): Promise<ServerConnection> {
    await until(() => this.connections[count - 1]?.hello !== undefined, `hello ${count}`);
    return this.connections[count - 1] as ServerConnection;
  }

  /** Items of all connections, each report counted once. */
  get items(): ReportItem[] {
    const reports = new Map<number, readonly ReportItem[]>();
    for (const { seq, items } of this.connections.flatMap((each) => each.reports)) {
      reports.set(seq, items);
    }
    return [...reports.values()].flat();
  }

  async close(): Promise<void> {
    for (const { socket } of this.connections) socket.terminate();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #accept(socket: WebSocket, headers: IncomingHttpHeaders): void {
    const connection = new ServerConnection(socket, this.connections.length + 1, headers);
    this.connections.push(connection);
    socket.on("message", (data) => this.#receive(connection, data.toString()));
  }

  #receive(connection: ServerConnection, text: string): void {
    if (text === "ping") {
      connection.pings++;
      if (this.manners.answersPings) connection.socket.send("pong");
      return;
    }
    const parsed = parseClientFrame(text);
    if (!parsed.ok) throw new Error(`the client sent a bad frame: ${parsed.error.detail}`);
    connection.frames.push(parsed.value);
    if (parsed.value.type === "hello" && this.manners.welcomes) this.#welcome(connection);
    if (parsed.value.type === "report" && this.manners.answersReports) {
      this.stored.add(parsed.value.seq);
      connection.send({ type: "reported", seq: parsed.value.seq });
    }
  }

  #welcome(connection: ServerConnection): void {
    const { epoch } = connection;
    const { heartbeatMs } = this.manners;
    connection.socket.send(
      JSON.stringify({
        type: "welcome",
        epoch,
        clientId: "cl_test",
        heartbeatMs,
        serverTime: new Date().toISOString(),
      }),
    );
  }
}

/** Waits until `happened` says so; fails with `what` was waited for after a generous while. */
export async function until(happened: () => boolean, what: string): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!happened()) {
    if (Date.now() > giveUpAt) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Lets whatever is under way come to rest, to show that something does not happen. */
export function rest(ms = 60): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
