import {
  type ChallengeAnswer,
  type SolveAnswer,
  type SolveRequest,
  solveProofOfWork,
  type Track,
} from "@sluice/protocol";
import { decodeBase64url } from "../../workers/keys/base64url.ts";

export const PAGE = "https://shop.example";

/** What a browser says of itself and sends from a page. */
export const BROWSER_HEADERS: Readonly<Record<string, string>> = {
  origin: PAGE,
  "content-type": "text/plain",
  "user-agent":
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  "accept-language": "en-GB,en;q=0.9",
  "sec-fetch-site": "cross-site",
  "sec-fetch-mode": "cors",
  "sec-fetch-dest": "empty",
};

/** A hand that comes to a box in a bow, fast and then slow, and rests before it presses. */
export const APPROACH: Track = {
  pointer: "mouse",
  points: Array.from({ length: 30 }, (_, step) => {
    const part = step / 29;
    const eased = 1 - (1 - part) ** 2.5;
    const jitter = (step * 7) % 5;
    return [260 * eased, 90 * eased + 22 * Math.sin(Math.PI * eased), step * 16 + jitter] as const;
  }),
};

/** A box pressed by the space bar. */
export const KEY_PRESS: Track = { pointer: "keyboard", points: [[0, 0, 0]] };

/** Sends a request to the service, wherever it runs. */
export type Send = (path: string, init: RequestInit) => Promise<Response>;

/** A visitor's browser with the widget in it, as far as the service can tell. */
export class Visitor {
  readonly #send: Send;
  readonly #sitekey: string;
  readonly #wait: (ms: number) => Promise<void> | void;
  headers: Readonly<Record<string, string>> = BROWSER_HEADERS;

  /** `wait` lets time pass, as a test's clock or the real one. */
  constructor(send: Send, sitekey: string, wait: (ms: number) => Promise<void> | void) {
    this.#send = send;
    this.#sitekey = sitekey;
    this.#wait = wait;
  }

  post(path: string, body: unknown): Promise<Response> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return this.#send(path, { method: "POST", headers: this.headers, body: text });
  }

  /** Asks for a challenge. */
  async ask(fields: object = {}): Promise<ChallengeAnswer> {
    const response = await this.post("/v1/verify/challenge", { sitekey: this.#sitekey, ...fields });
    if (response.status !== 200) throw new Error(`no challenge: ${await response.text()}`);
    return response.json();
  }

  /** Does the work of a challenge, in the time that it asks for at least. */
  async work(challenge: ChallengeAnswer): Promise<SolveRequest> {
    await this.#wait(challenge.minimumMs);
    return { ...workedOut(challenge), answer: null, track: null, automated: false };
  }

  /** Sends a solution; the answer to it. */
  async send(solution: unknown): Promise<SolveAnswer> {
    const response = await this.post("/v1/verify/solve", solution);
    if (response.status !== 200) throw new Error(`no answer: ${await response.text()}`);
    return response.json();
  }

  /** Solves a challenge with what `deed` says was done. */
  async solve(challenge: ChallengeAnswer, deed: Partial<SolveRequest> = {}): Promise<SolveAnswer> {
    return this.send({ ...(await this.work(challenge)), ...deed });
  }
}

/** The proof of work of a challenge. */
export function workedOut({ challenge, pow }: ChallengeAnswer) {
  const seed = decodeBase64url(pow.seed) ?? new Uint8Array();
  return { challenge, pow: solveProofOfWork(seed, pow.puzzles, pow.bits) };
}

/** The challenge that was asked in place of a pass; throws when none was. */
export function askedAgain(answer: SolveAnswer): ChallengeAnswer {
  if (answer.verdict !== "retry") throw new Error(`not asked again: ${JSON.stringify(answer)}`);
  return answer.challenge;
}
