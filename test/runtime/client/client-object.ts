import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import {
  type AccountId,
  type BatchFrame,
  type ClientFrame,
  type ClientId,
  type HelloFrame,
  PING,
  parseServerFrame,
  type Result,
  type ScheduledTask,
  type ServerFrame,
  type TaskId,
  type TaskSpec,
  type TaskState,
  type TaskView,
} from "@sluice/protocol";
import {
  type ClientRpc,
  type Enrolment,
  type Refusal,
  TOKEN_HASH_HEADER,
} from "../../../durable-objects/client/rpc.ts";
import { encoded } from "../../builders/encoded.ts";
import { aHello } from "../../builders/frames.ts";

/**
 * The object as the front calls it. The platform's own type of a stub follows the JSON in a task's view
 * without end, so the calls are typed by the contract.
 */
export type ClientStub = ClientRpc & DurableObjectStub;

/** SHA-256 of the tests' client token, as the front would hand it on. */
export const TOKEN_HASH = "a".repeat(64);

/** An object that no test has seen before. */
export function freshObject(): { client: ClientId; stub: ClientStub } {
  const client = `cl_${crypto.randomUUID()}` as ClientId;
  const stub: unknown = env.CLIENT.getByName(client);
  return { client, stub: stub as ClientStub };
}

/** The object of a client that has just been enrolled. */
export async function enrolled(fields: Partial<Enrolment> = {}): Promise<ClientStub> {
  const { client, stub } = freshObject();
  await unwrap(
    stub.enrol({
      account: "ac_tests" as AccountId,
      client,
      name: "machine",
      labels: ["lab"],
      facts: { os: "linux" },
      tokenHash: TOKEN_HASH,
      ...fields,
    }),
  );
  return stub;
}

/** A call's value, or an error that names the refusal. */
export async function unwrap<Value>(answer: Promise<Result<Value, Refusal>>): Promise<Value> {
  const settled = await answer;
  if (!settled.ok) throw new Error(`refused: ${settled.error.code}`);
  return settled.value;
}

export async function schedule(stub: ClientStub, ...specs: readonly TaskSpec[]): Promise<TaskId[]> {
  const scheduled: ScheduledTask[] = JSON.parse(await unwrap(stub.schedule(encoded(specs))));
  return scheduled.map(({ id }) => id);
}

export async function view(stub: ClientStub, id: string): Promise<TaskView> {
  return unwrap(stub.getTask(id));
}

export async function state(stub: ClientStub, id: string): Promise<TaskState> {
  return (await view(stub, id)).state;
}

/** Changes what the object's open sockets carry over a sleep, as time and the wire would. */
export async function rewriteSockets(
  stub: ClientStub,
  rewrite: (carried: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  await runInDurableObject(stub, (_, ctx) => {
    for (const socket of ctx.getWebSockets()) {
      socket.serializeAttachment(rewrite(socket.deserializeAttachment()));
    }
  });
}

/** A client's end of a socket: keeps what arrives until it is asked for. */
export class Wire {
  readonly #socket: WebSocket;
  readonly #frames: ServerFrame[] = [];
  readonly #waiting: (() => void)[] = [];
  #pongs = 0;
  epoch = 0;
  /** Resolves with the code when the server closes. */
  readonly closed: Promise<number>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      socket.addEventListener("close", ({ code }) => {
        resolve(code);
        this.#wake();
      });
    });
    socket.addEventListener("message", ({ data }) => this.#receive(String(data)));
    socket.accept();
  }

  /** Opens a socket and says nothing. */
  static async open(stub: ClientStub, tokenHash = TOKEN_HASH): Promise<Wire> {
    const response = await stub.fetch("https://sluice.test/v1/connect", {
      headers: { Upgrade: "websocket", [TOKEN_HASH_HEADER]: tokenHash },
    });
    return Wire.over(response);
  }

  /** The socket that an upgrade was answered with. */
  static over({ webSocket, status }: Response): Wire {
    if (webSocket === null) throw new Error(`no socket but ${status}`);
    return new Wire(webSocket);
  }

  /** Opens a socket, says hello and waits for the welcome. */
  static async connect(stub: ClientStub, hello: Partial<HelloFrame> = {}): Promise<Wire> {
    const wire = await Wire.open(stub);
    await wire.greet(hello);
    return wire;
  }

  /** Says hello and waits for the welcome. */
  async greet(hello: Partial<HelloFrame> = {}): Promise<void> {
    this.say(aHello(hello));
    const welcome = await this.next("welcome");
    this.epoch = welcome.epoch;
  }

  say(frame: ClientFrame): void {
    this.send(JSON.stringify(frame));
  }

  send(data: string | ArrayBuffer): void {
    this.#socket.send(data);
  }

  close(): void {
    this.#socket.close(1000, "done");
  }

  /** The next frame of a type; those of other types stay. Waits until it comes. */
  async next<Type extends ServerFrame["type"]>(
    type: Type,
  ): Promise<Extract<ServerFrame, { type: Type }>> {
    for (;;) {
      const index = this.#frames.findIndex((frame) => frame.type === type);
      const [frame] = index < 0 ? [] : this.#frames.splice(index, 1);
      if (frame !== undefined && isOfType(frame, type)) return frame;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Acknowledges a batch. */
  ack({ epoch, seq }: BatchFrame): void {
    this.say({ type: "ack", epoch, seq });
  }

  /** Says that these deliveries of a batch succeeded, and waits for the answer. */
  async succeed(batch: BatchFrame, seq = 1): Promise<void> {
    const items = batch.tasks.map(
      ({ id, attempt }) => ({ id, attempt, event: "succeeded" }) as const,
    );
    this.say({ type: "report", epoch: this.epoch, seq, items });
    await this.next("reported");
  }

  /** Pings and waits for the pong. */
  async ping(): Promise<void> {
    const before = this.#pongs;
    this.send(PING);
    while (this.#pongs === before) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #receive(text: string): void {
    if (text === "pong") this.#pongs += 1;
    else {
      const frame = parseServerFrame(text);
      if (!frame.ok) throw new Error(frame.error.detail);
      this.#frames.push(frame.value);
    }
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function isOfType<Type extends ServerFrame["type"]>(
  frame: ServerFrame,
  type: Type,
): frame is Extract<ServerFrame, { type: Type }> {
  return frame.type === type;
}
