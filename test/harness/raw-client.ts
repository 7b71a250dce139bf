import type {
  BatchFrame,
  Capacity,
  ClientFrame,
  Delivery,
  HelloFrame,
  ReportItem,
  ServerFrame,
  WelcomeFrame,
} from "@sluice/protocol";
import { SUBPROTOCOL } from "@sluice/protocol";
import { WebSocket } from "ws";
import { TokenBucket } from "./token-bucket.ts";

const DEFAULT_TIMEOUT_MS = 60_000;
const TERMINAL_EVENTS: readonly string[] = ["succeeded", "failed", "cancelled"];

type FrameType = ServerFrame["type"];
type FrameOf<Type extends FrameType> = Extract<ServerFrame, { type: Type }>;

/** A text from the server and when it came, in milliseconds of `performance.now()`. */
export interface ReceivedFrame {
  readonly atMs: number;
  readonly text: string;
  readonly frame: ServerFrame;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export interface RawClientOptions {
  /** `http://…` of the service. */
  readonly url: string;
  readonly token: string;
  /** The limiter that it declares and counts by; none by default. */
  readonly limiter?: { readonly burst: number; readonly perSecond: number };
  /** Tasks that it holds at most; together with a limiter only. */
  readonly slots?: number;
  /** Called with each batch as it comes, after it was counted. */
  readonly onBatch?: (batch: BatchFrame, client: RawClient) => void;
}

interface Waiter {
  readonly type: FrameType;
  readonly take: (frame: ServerFrame) => void;
  readonly fail: (error: Error) => void;
}

/** A client that speaks sluice.v1 frame by frame and does nothing by itself. */
export class RawClient {
  /** All that came, in order. */
  readonly received: ReceivedFrame[] = [];
  /** Resolves when the connection has ended; code 1006 when no close frame came. */
  readonly closed: Promise<Closed>;
  readonly limiter: TokenBucket | undefined;
  /** The epoch of the last welcome; 0 before it. */
  epoch = 0;
  /** Deliveries that came and were not reported as ended. */
  readonly held = new Map<string, Delivery>();
  /** The next report's number; a client that comes back carries it over. */
  nextReportSeq = 1;

  readonly #socket: WebSocket;
  readonly #options: RawClientOptions;
  readonly #waiters: Waiter[] = [];
  readonly #unread: ServerFrame[] = [];

  private constructor(socket: WebSocket, options: RawClientOptions) {
    this.#socket = socket;
    this.#options = options;
    const limiter = options.limiter;
    this.limiter = limiter && new TokenBucket(limiter.burst, limiter.perSecond, performance.now());
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    void this.closed.then((end) => this.#failWaiters(`closed with ${end.code} ${end.reason}`));
    socket.on("error", () => {});
    socket.on("message", (data) => this.#receive(data.toString()));
  }

  /** Opens the socket; rejects with `HTTP <status>` when the upgrade is refused. */
  static async open(options: RawClientOptions): Promise<RawClient> {
    const url = `${options.url.replace(/^http/, "ws")}/v1/connect`;
    const headers = { authorization: `Bearer ${options.token}` };
    const socket = new WebSocket(url, SUBPROTOCOL, { headers, perMessageDeflate: false });
    const client = new RawClient(socket, options);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
      socket.once("unexpected-response", (_request, response) => {
        reject(new Error(`HTTP ${response.statusCode}`));
        socket.terminate();
      });
    });
    return client;
  }

  /** Opens the socket, says hello and waits for the welcome. */
  static async connect(
    options: RawClientOptions,
    hello: Partial<HelloFrame> = {},
  ): Promise<RawClient> {
    const client = await RawClient.open(options);
    await client.hello(hello);
    return client;
  }

  async hello(overrides: Partial<HelloFrame> = {}): Promise<WelcomeFrame> {
    this.send({ type: "hello", agent: "raw/1.0", ...this.#withCapacity(), ...overrides });
    return this.next("welcome");
  }

  /** What it can take now; undefined without a limiter. */
  capacity(): Capacity | undefined {
    if (!this.limiter) return undefined;
    const { burst, perSecond } = this.limiter;
    const slots = Math.max(0, (this.#options.slots ?? Number.MAX_SAFE_INTEGER) - this.held.size);
    return { burst, perSecond, tokens: this.limiter.tokens(performance.now()), slots };
  }

  /** The next frame of a type that no one has taken yet; frames of other types stay for later. */
  next<Type extends FrameType>(type: Type, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<FrameOf<Type>> {
    const index = this.#unread.findIndex((frame) => frame.type === type);
    const [unread] = index < 0 ? [] : this.#unread.splice(index, 1);
    if (unread) return Promise.resolve(unread as FrameOf<Type>);
    return this.#wait(type, timeoutMs);
  }

  ack(batch: { readonly seq: number; readonly epoch?: number }): void {
    const epoch = batch.epoch ?? this.epoch;
    this.send({ type: "ack", epoch, seq: batch.seq, ...this.#withCapacity() });
  }

  /** Sends a report with the next number and returns that number. */
  report(items: readonly ReportItem[]): number {
    for (const item of items) if (TERMINAL_EVENTS.includes(item.event)) this.held.delete(item.id);
    const seq = this.nextReportSeq++;
    this.send({ type: "report", epoch: this.epoch, seq, items, ...this.#withCapacity() });
    return seq;
  }

  /** Reports deliveries as succeeded. */
  succeed(deliveries: readonly Delivery[]): number {
    return this.report(deliveries.map(({ id, attempt }) => ({ id, attempt, event: "succeeded" })));
  }

  /** Acknowledges and succeeds batches until so many different tasks came; answers their ids. */
  async takeAll(count: number): Promise<string[]> {
    const ids = new Set<string>();
    while (ids.size < count) {
      const batch = await this.next("batch");
      this.ack(batch);
      this.succeed(batch.tasks);
      for (const { id } of batch.tasks) ids.add(id);
    }
    return [...ids];
  }

  send(frame: ClientFrame): void {
    this.sendRaw(JSON.stringify(frame));
  }

  /** Sends whatever is given, well-formed or not. */
  sendRaw(data: string | Uint8Array): void {
    this.#socket.send(data);
  }

  /** Says goodbye properly. */
  async close(code = 1000): Promise<Closed> {
    this.#socket.close(code);
    return this.closed;
  }

  /** Drops the connection without a close frame, as a pulled cable would. */
  terminate(): void {
    this.#socket.terminate();
  }

  #withCapacity(): { capacity?: Capacity } {
    const capacity = this.capacity();
    return capacity ? { capacity } : {};
  }

  #receive(text: string): void {
    if (text === "pong") return;
    const frame: ServerFrame = JSON.parse(text);
    this.received.push({ atMs: performance.now(), text, frame });
    if (frame.type === "welcome") this.epoch = frame.epoch;
    if (frame.type === "batch") this.#count(frame);
    const index = this.#waiters.findIndex((waiter) => waiter.type === frame.type);
    const [waiter] = index < 0 ? [] : this.#waiters.splice(index, 1);
    if (waiter) waiter.take(frame);
    else this.#unread.push(frame);
    if (frame.type === "batch") this.#options.onBatch?.(frame, this);
  }

  #count(batch: BatchFrame): void {
    this.limiter?.take(performance.now());
    for (const { id, attempt } of batch.tasks) this.held.set(id, { id, attempt });
  }

  #wait<Type extends FrameType>(type: Type, timeoutMs: number): Promise<FrameOf<Type>> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        type,
        take: (frame) => {
          clearTimeout(timer);
          resolve(frame as FrameOf<Type>);
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(new Error(`no ${type} frame within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#waiters.push(waiter);
    });
  }

  #failWaiters(why: string): void {
    for (const waiter of this.#waiters.splice(0)) waiter.fail(new Error(why));
  }
}
