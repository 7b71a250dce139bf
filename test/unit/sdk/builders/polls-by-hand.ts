import { encodeFrame, encodePollAnswer, type ServerFrame } from "@sluice/protocol";
import type { Ending } from "../../../../packages/sdk/src/client/connection-state.ts";
import { pollTransport } from "../../../../packages/sdk/src/index.ts";

/** A poll that was sent and waits for its answer. */
export interface SentPoll {
  readonly url: string;
  readonly authorization: string | null;
  readonly body: { epoch?: number; frames: readonly unknown[]; waitMs: number };
  readonly signal: AbortSignal;
  /** Answers it with frames, as the answer of this number. */
  answer(seq: number, ...frames: readonly ServerFrame[]): Promise<void>;
  respond(response: Response): Promise<void>;
  breaks(): Promise<void>;
}

/** A connection by polls that the test answers by hand, with all that its owner was told. */
export function pollsByHand() {
  const sent: SentPoll[] = [];
  const told: string[] = [];
  const endings: Ending[] = [];
  const send: typeof fetch = (url, init) =>
    new Promise((resolve, reject) => {
      init?.signal?.addEventListener("abort", () => reject(new Error("aborted")));
      sent.push(sentPoll(new Request(url, init), String(init?.body), resolve, reject));
    });
  const request = { url: "ws://127.0.0.1/behind/v1/connect", token: "ct_test" };
  const transport = pollTransport({ fetch: send, waitMs: 20_000 });
  const connection = transport(request, {
    opened: () => told.push("opened"),
    received: (text) => told.push(text),
    ended: (ending) => endings.push(ending),
  });
  const poll = (number: number): SentPoll => {
    const one = sent[number - 1];
    if (one === undefined) throw new Error(`no poll ${number}`);
    return one;
  };
  return { connection, sent, told, endings, poll };
}

function sentPoll(
  { url, headers, signal }: Request,
  body: string,
  resolve: (response: Response) => void,
  reject: (error: Error) => void,
): SentPoll {
  const respond = (response: Response) => {
    resolve(response);
    return settled();
  };
  return {
    url,
    authorization: headers.get("authorization"),
    body: JSON.parse(body),
    signal,
    respond,
    answer: (seq, ...frames) =>
      respond(new Response(encodePollAnswer({ seq, frames: frames.map(encodeFrame) }))),
    breaks() {
      reject(new TypeError("fetch failed"));
      return settled();
    },
  };
}

/** Lets everything that follows from an answer happen. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
