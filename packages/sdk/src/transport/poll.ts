import { LIMITS, PING, PONG, parsePollAnswer, parseServerFrame } from "@sluice/protocol";
import type { Ending } from "../client/connection-state.ts";
import { InOrder } from "./in-order.ts";
import { postPoll } from "./post-poll.ts";
import type { ClientSocket, ConnectRequest, SocketListener, Transport } from "./transport.ts";

/** How long a poll listens where nothing else is asked for, ms. */
const USUAL_WAIT_MS = 20_000;

/** How to poll. */
export interface PollOptions {
  /** How long the server may keep a poll waiting for a frame, at most 25,000 ms. */
  readonly waitMs?: number;
  readonly fetch?: typeof fetch;
}

/**
 * Connects by long polls, for networks that let no WebSocket through. One poll listens; what the client
 * has to say leaves at once in another, one at a time. A poll without an answer ends the connection,
 * because what was in the answer is not given twice: the next hello makes up for it.
 */
export function pollTransport({ waitMs = USUAL_WAIT_MS, fetch }: PollOptions = {}): Transport {
  return (request, listener) => new Polls(request, listener, waitMs, fetch ?? globalThis.fetch);
}

class Polls implements ClientSocket {
  readonly #request: ConnectRequest;
  readonly #listener: SocketListener;
  readonly #waitMs: number;
  readonly #fetch: typeof fetch;
  readonly #over = new AbortController();
  readonly #answers = new InOrder<readonly string[]>((frames) => this.#deliver(frames));
  #unsent: string[] = [];
  #epoch: number | null = null;
  #isSpeaking = false;
  #isListening = false;
  #owesPong = false;

  constructor(
    request: ConnectRequest,
    listener: SocketListener,
    waitMs: number,
    send: typeof fetch,
  ) {
    this.#request = request;
    this.#listener = listener;
    this.#waitMs = Math.min(waitMs, LIMITS.pollWaitMs);
    this.#fetch = send;
    // The owner learns of the connection after it has it in hand.
    queueMicrotask(() => this.#isOver || listener.opened());
  }

  get #isOver(): boolean {
    return this.#over.signal.aborted;
  }

  /** A ping needs no frame: the next answer shows that the other end is there. */
  send(text: string): void {
    if (text === PING) this.#owesPong = true;
    else this.#unsent.push(text);
    this.#poll();
  }

  /** There is no handshake to close with: the server sees the polls stop, or the next hello. */
  close(): void {
    this.terminate();
  }

  terminate(): void {
    this.#over.abort();
  }

  #poll(): void {
    if (this.#isOver) return;
    if (!this.#isSpeaking && this.#unsent.length > 0) void this.#speak();
    if (!this.#isListening && this.#epoch !== null) void this.#listen();
  }

  async #speak(): Promise<void> {
    this.#isSpeaking = true;
    await this.#exchange(this.#takeUnsent(), 0);
    this.#isSpeaking = false;
    this.#poll();
  }

  async #listen(): Promise<void> {
    this.#isListening = true;
    await this.#exchange([], this.#waitMs);
    this.#isListening = false;
    this.#poll();
  }

  async #exchange(frames: readonly string[], waitMs: number): Promise<void> {
    const epoch = this.#epoch === null ? "" : `"epoch":${this.#epoch},`;
    const body = `{${epoch}"frames":[${frames.join(",")}],"waitMs":${waitMs}}`;
    const posted = await postPoll(this.#fetch, this.#request, body, waitMs, this.#over.signal);
    if (this.#isOver) return;
    const answer = posted.ok ? parsePollAnswer(posted.value) : posted;
    if (answer.ok) this.#answers.take(answer.value.seq, answer.value.frames);
    else this.#end("kind" in answer.error ? answer.error : { kind: "failed" });
  }

  /** As many frames as a poll may carry; the rest is for the one after it. */
  #takeUnsent(): readonly string[] {
    let bytes = 0;
    let count = 0;
    for (const text of this.#unsent.slice(0, LIMITS.pollFrames)) {
      bytes += new TextEncoder().encode(text).length + 1;
      if (count > 0 && bytes > LIMITS.clientFrameBytes) break;
      count += 1;
    }
    return this.#unsent.splice(0, count);
  }

  #deliver(frames: readonly string[]): void {
    for (const text of frames) {
      if (this.#isOver) return;
      this.#receive(text);
    }
    if (!this.#owesPong || this.#isOver) return;
    this.#owesPong = false;
    this.#listener.received(PONG);
  }

  #receive(text: string): void {
    const frame = parseServerFrame(text);
    if (frame.ok && frame.value.type === "welcome") this.#epoch = frame.value.epoch;
    this.#listener.received(text);
    if (!frame.ok || frame.value.type !== "bye") return;
    const { code, reason } = frame.value;
    this.#end({ kind: "closed", code, reason });
  }

  #end(ending: Ending): void {
    if (this.#isOver) return;
    this.#over.abort();
    this.#listener.ended(ending);
  }
}
