import { fail, isJsonObject, ok, type Result } from "@sluice/protocol";
import type { Ending } from "../client/connection-state.ts";
import { retryAfterMs } from "../retry-after.ts";
import type { ConnectRequest } from "./transport.ts";

/** What an answer may take over the time that the server was asked to wait, ms. */
const GRACE_MS = 15_000;
/** A wait that a server may ask for; longer ones are cut, so that a slip cannot silence a fleet. */
const MAX_RETRY_AFTER_MS = 3_600_000;
/** What a proxy answers in the service's place is no word of the service. */
const BAD_GATEWAY = 502;
const UNAVAILABLE = 503;

/** Sends one poll; the text of its answer, or how the connection ended. Never throws. */
export async function postPoll(
  send: typeof fetch,
  { url, token }: ConnectRequest,
  body: string,
  waitMs: number,
  over: AbortSignal,
): Promise<Result<string, Ending>> {
  try {
    const response = await send(pollUrl(url), {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body,
      // A redirect would carry the token to wherever it points.
      redirect: "error",
      cache: "no-store",
      signal: AbortSignal.any([over, AbortSignal.timeout(waitMs + GRACE_MS)]),
    });
    const text = await response.text();
    return response.ok ? ok(text) : fail(refusalOf(response, text));
  } catch {
    return fail({ kind: "failed" });
  }
}

/** The address to poll, next to that of the socket. */
function pollUrl(connectUrl: string): string {
  return connectUrl.replace(/^ws/, "http").replace(/connect$/, "poll");
}

/** A suspension may end, so it is no reason to stay away for good, as other refusals with 403 are. */
function refusalOf(response: Response, text: string): Ending {
  const code = codeOf(text);
  const status = code === null ? BAD_GATEWAY : response.status;
  return {
    kind: "refused",
    status: code === "account_suspended" ? UNAVAILABLE : status,
    retryAfterMs: Math.min(
      retryAfterMs(response.headers.get("retry-after"), Date.now()),
      MAX_RETRY_AFTER_MS,
    ),
  };
}

/** The code of a problem answer (RFC 9457), or null for what is none. */
function codeOf(text: string): unknown {
  try {
    const problem: unknown = JSON.parse(text);
    return isJsonObject(problem) ? (problem.code ?? null) : null;
  } catch {
    return null;
  }
}
