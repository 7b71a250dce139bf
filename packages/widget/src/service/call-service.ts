import { type ChallengePath, ok, type Result, type SolveRequest } from "@sluice/protocol";
import type { Fault } from "./faults.ts";
import { type Asked, type Judged, readAsked, readJudged } from "./read-answers.ts";
import { type Failure, readRefusal } from "./read-refusal.ts";

/** A call that takes longer is given up: the visitor waits. */
const CALL_TIMEOUT_MS = 15_000;

/** What a challenge is asked for. */
export interface Question {
  readonly sitekey: string;
  readonly action: string | null;
  readonly cdata: string | null;
  readonly path: ChallengePath;
}

/** The service, as a widget calls it. */
export interface Service {
  requestChallenge(question: Question, signal: AbortSignal): Promise<Result<Asked, Failure>>;
  solve(solution: SolveRequest, signal: AbortSignal): Promise<Result<Judged, Failure>>;
}

/** The service at a base address. Its calls never reject. */
export function serviceAt(base: string): Service {
  return {
    requestChallenge: (question, signal) =>
      call(`${base}/v1/verify/challenge`, question, readAsked, signal),
    solve: (solution, signal) => call(`${base}/v1/verify/solve`, solution, readJudged, signal),
  };
}

/**
 * Sends JSON as plain text, so that the browser asks for no leave first; without cookies, and with no more
 * of the page's address than its origin, which the browser adds itself and a page cannot change.
 */
async function call<Answer>(
  address: string,
  body: unknown,
  read: (answer: unknown) => Answer | null,
  signal: AbortSignal,
): Promise<Result<Answer, Failure>> {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "strict-origin",
      cache: "no-store",
      signal: withTimeout(signal),
    });
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok) return failed(readRefusal(response.status, response.headers, answer));
    const value = read(answer);
    return value === null ? failed(unavailable) : ok(value);
  } catch {
    return failed(unavailable);
  }
}

const unavailable: Failure = { fault: "unavailable" satisfies Fault, retryAfterMs: 0 };

function failed(error: Failure): Result<never, Failure> {
  return { ok: false, error };
}

/** `AbortSignal.any` is younger than the browsers that the widget is for. */
function withTimeout(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), CALL_TIMEOUT_MS);
  const abort = () => {
    clearTimeout(timer);
    controller.abort();
  };
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  return controller.signal;
}
