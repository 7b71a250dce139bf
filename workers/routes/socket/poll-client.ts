import { ok, type Poll, parsePoll } from "@sluice/protocol";
import { callClient } from "../../dispatch/call-client.ts";
import { OBJECT_TIMEOUT_MS } from "../../front/call-object.ts";
import { limitClient } from "../../front/limits.ts";
import { type Outcome, refuse } from "../../front/refusal.ts";
import type { RequestContext } from "../../front/request-context.ts";
import { respondJson } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";

/**
 * `POST /v1/poll {epoch?, frames?, waitMs?}` → 200 `{seq, frames}`: the frames of a socket, where none can
 * be opened. What a socket would be closed for is a `bye` frame in the answer.
 */
export const pollClient: Handler<"client"> = async ({ body, caller, context }) => {
  const poll = parsePoll(body);
  if (!poll.ok) return refuse("bad_request", poll.error.detail);
  const within = await limitHello(poll.value, caller.clientId, context);
  if (!within.ok) return within;
  const { tokenHash } = caller;
  // A second try might take the place of what the first one opened.
  const answer = await callClient(
    context,
    caller.clientId,
    "once",
    async (client) => ok(await client.poll(tokenHash, poll.value)),
    poll.value.waitMs + OBJECT_TIMEOUT_MS,
  );
  return answer.ok ? ok(respondJson(200, answer.value)) : answer;
};

/** Saying hello opens a connection, and counts as that. */
async function limitHello(
  { frames }: Poll,
  clientId: string,
  context: RequestContext,
): Promise<Outcome<null>> {
  return frames[0]?.type === "hello" ? limitClient(clientId, context) : ok(null);
}
