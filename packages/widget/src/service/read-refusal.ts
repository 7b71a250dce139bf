import { isJsonObject } from "@sluice/protocol";
import type { Fault } from "./faults.ts";

const SECOND_MS = 1_000;
/** Whatever an answer says, the widget looks again within so long. */
const LONGEST_WAIT_MS = 300_000;

/** A call that brought no answer to go on with. */
export interface Failure {
  readonly fault: Fault;
  /** The service asks to be left alone for so long. */
  readonly retryAfterMs: number;
}

/** Reads a refusal: its status, its `Retry-After` and the code in its body. */
export function readRefusal(status: number, headers: Headers, body: unknown): Failure {
  const seconds = Number(headers.get("retry-after") ?? 0);
  const wait = Number.isFinite(seconds) ? Math.max(0, seconds) * SECOND_MS : 0;
  return {
    fault: faultOf(status, isJsonObject(body) ? body.code : undefined),
    retryAfterMs: Math.min(LONGEST_WAIT_MS, wait),
  };
}

function faultOf(status: number, code: unknown): Fault {
  if (code === "wrong_hostname") return "wrong_hostname";
  if (status === 429) return "limited";
  if (status === 400) return "invalid_sitekey";
  // A suspension of the account may end, and a key that is gone does not come back.
  if (code === "account_suspended" || status >= 500) return "unavailable";
  return "unknown_sitekey";
}
