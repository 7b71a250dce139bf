import {
  type BatchFrame,
  type ClientFrame,
  type HelloFrame,
  type Poll,
  parsePollAnswer,
  parseServerFrame,
  type ServerFrame,
} from "@sluice/protocol";
import { aHello } from "../../builders/frames.ts";
import { type ClientStub, TOKEN_HASH } from "./client-object.ts";

/** What came of a poll. */
export interface Polled {
  readonly seq: number;
  readonly frames: readonly ServerFrame[];
}

/** Sends one poll as the front would, and reads its answer as a client does. */
export async function poll(
  stub: ClientStub,
  poll: Partial<Poll>,
  tokenHash = TOKEN_HASH,
): Promise<Polled> {
  const whole: Poll = { epoch: null, frames: [], fault: null, waitMs: 0, ...poll };
  const answer = parsePollAnswer(await stub.poll(tokenHash, whole));
  if (!answer.ok) throw new Error(answer.error.detail);
  return { seq: answer.value.seq, frames: answer.value.frames.map(frameOf) };
}

function frameOf(text: string): ServerFrame {
  const frame = parseServerFrame(text);
  if (!frame.ok) throw new Error(frame.error.detail);
  return frame.value;
}

/** The close code with which an answer ends the connection; null when it does not. */
export function endOf({ frames }: Polled): number | null {
  const last = frames.at(-1);
  return last?.type === "bye" ? last.code : null;
}

/** The batches of an answer. */
export function batchesOf({ frames }: Polled): BatchFrame[] {
  return frames.filter((frame) => frame.type === "batch");
}

/** A client that was welcomed by polls. */
export class Poller {
  readonly #stub: ClientStub;
  readonly epoch: number;
  /** What stood in the answer to its hello. */
  readonly greeting: Polled;

  private constructor(stub: ClientStub, greeting: Polled) {
    const welcome = greeting.frames.find((frame) => frame.type === "welcome");
    if (welcome === undefined) throw new Error("no welcome");
    this.#stub = stub;
    this.epoch = welcome.epoch;
    this.greeting = greeting;
  }

  static async connect(stub: ClientStub, hello: Partial<HelloFrame> = {}): Promise<Poller> {
    return new Poller(stub, await poll(stub, { frames: [aHello(hello)] }));
  }

  /** Says these frames and takes what is there. */
  say(...frames: readonly ClientFrame[]): Promise<Polled> {
    return poll(this.#stub, { epoch: this.epoch, frames });
  }

  /** Listens until a frame comes, or for as long. */
  listen(waitMs = 25_000): Promise<Polled> {
    return poll(this.#stub, { epoch: this.epoch, waitMs });
  }

  /** The ack of a batch and the report that all its tasks succeeded. */
  done({ epoch, seq, tasks }: BatchFrame): readonly ClientFrame[] {
    const items = tasks.map(({ id, attempt }) => ({ id, attempt, event: "succeeded" }) as const);
    return [
      { type: "ack", epoch, seq },
      { type: "report", epoch, seq: 1, items },
    ];
  }
}
