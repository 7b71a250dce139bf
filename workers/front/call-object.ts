import { withinTime } from "../cache/within-time.ts";
import { logFailure } from "./log-failure.ts";
import { type Outcome, refuse } from "./refusal.ts";
import type { RequestContext } from "./request-context.ts";

/** When to come back after an object could not be reached, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/**
 * For how long an object may say nothing. Far more than the largest call takes, and less than callers wait: the
 * operator's SDK gives up after 30 s.
 */
export const OBJECT_TIMEOUT_MS = 10_000;

/** Whether a call may be made a second time when it is not known what became of the first. */
export type Repeatable = "repeatable" | "once";

/** An object did not answer in time. What became of the call is not known. */
class LateError extends Error {
  override readonly name = "LateError";
}

/**
 * Calls an object. What it throws becomes `unavailable`, and so does silence for longer than `timeoutMs`; a
 * repeatable call that failed on the way, and not of overload, is made once more. `call` makes its stub anew
 * each time, because a failed stub stays broken. `event` names the failure in the log.
 */
export async function callObject<Value>(
  context: RequestContext,
  event: string,
  repeatable: Repeatable,
  call: () => Promise<Outcome<Value>>,
  timeoutMs: number = OBJECT_TIMEOUT_MS,
): Promise<Outcome<Value>> {
  try {
    const answer = await withinTime(call(), timeoutMs);
    if (answer === "late") throw new LateError("the object did not answer in time");
    return answer;
  } catch (error) {
    const again = repeatable === "repeatable" && isWorthRetrying(error);
    logFailure(context, { event, retrying: again }, error);
    return again ? callObject(context, event, "once", call, timeoutMs) : unavailable();
  }
}

function unavailable(): Outcome<never> {
  return refuse("unavailable", "this cannot be done now", RETRY_AFTER_SECONDS);
}

/** The platform marks what a second try may mend; one more call to an overloaded object never does. */
function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return Reflect.get(error, "retryable") === true && Reflect.get(error, "overloaded") !== true;
}
