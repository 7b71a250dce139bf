import { negotiateSubprotocol, ok } from "@sluice/protocol";
import { TOKEN_HASH_HEADER } from "../../../durable-objects/client/rpc.ts";
import { callClient } from "../../dispatch/call-client.ts";
import type { ConnectingClient } from "../../front/authenticate.ts";
import type { Handler } from "../../front/route.ts";

/**
 * `GET /v1/connect`: hands the upgrade to the client's object. The object gets the hash of the token and
 * none of the caller's own headers, so the token stays here and no header of ours can be forged.
 */
export const connectClient: Handler<"client"> = async ({ request, caller, context }) => {
  const answer = await callClient(context, caller.clientId, "repeatable", async (client) =>
    ok(await client.fetch(upgradeFor(caller, request.url))),
  );
  if (!answer.ok) return answer;
  return ok(withSubprotocol(answer.value, request.headers));
};

function upgradeFor(caller: ConnectingClient, url: string): Request {
  return new Request(new URL("/v1/connect", url), {
    headers: { upgrade: "websocket", [TOKEN_HASH_HEADER]: caller.tokenHash },
  });
}

/** Names the version that was settled on, as RFC 6455 asks when the client offered any. */
function withSubprotocol(answer: Response, offered: Headers): Response {
  const settled = negotiateSubprotocol(offered.get("sec-websocket-protocol"));
  if (settled === null) return answer;
  const named = new Response(answer.body, answer);
  named.headers.set("sec-websocket-protocol", settled.subprotocol);
  return named;
}
