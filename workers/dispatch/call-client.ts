import type { ClientId } from "@sluice/protocol";
import type { ClientStub } from "../env.ts";
import { logFailure } from "../front/log-failure.ts";
import { type Outcome, refuse } from "../front/refusal.ts";
import type { RequestContext } from "../front/request-context.ts";

/** When to come back after an object could not be reached, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/** Whether a call may be made a second time when it is not known what became of the first. */
export type Repeatable = "repeatable" | "once";

/**
 * Calls a client's object. What it throws becomes `unavailable`; a repeatable call that failed on the way,
 * and not of overload, is made once more, on a fresh stub, because a failed stub stays broken.
 */
export async function callClient<Value>(
  context: RequestContext,
  clientId: ClientId,
  repeatable: Repeatable,
  call: (client: ClientStub) => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  try {
    return await call(context.env.CLIENT.getByName(clientId));
  } catch (error) {
    const again = repeatable === "repeatable" && isWorthRetrying(error);
    logFailure(context, { event: "client.call_failed", retrying: again }, error);
    return again ? callClient(context, clientId, "once", call) : unavailable();
  }
}

function unavailable(): Outcome<never> {
  return refuse("unavailable", "the client's object cannot be reached now", RETRY_AFTER_SECONDS);
}

/** The platform marks what a second try may mend; one more call to an overloaded object never does. */
function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return Reflect.get(error, "retryable") === true && Reflect.get(error, "overloaded") !== true;
}
