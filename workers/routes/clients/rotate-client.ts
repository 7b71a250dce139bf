import { type FieldReader, ok } from "@sluice/protocol";
import { callClient } from "../../dispatch/call-client.ts";
import { keyRing } from "../../front/authenticate.ts";
import { parseBody } from "../../front/parse-body.ts";
import { refuse } from "../../front/refusal.ts";
import { respond } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { hashKey, mintTokenFor } from "../../keys/index.ts";
import { readOverlap } from "../registry/rotate-entry.ts";
import { clientOf } from "./of-client.ts";

/** How long the old token goes on opening when the call does not say: a day, in which to hand out the new. */
const USUAL_OVERLAP_SECONDS = 24 * 3600;

/**
 * `POST /v1/clients/{id}/rotate {overlapSeconds?}` → `{clientId, token, oldTokenUntil}`. The new token is in
 * this answer and nowhere else.
 */
export const rotateClient: Handler<"operator"> = async (call) => {
  const overlapSeconds = parseBody(call.body, readOverlapOrUsual);
  if (!overlapSeconds.ok) return overlapSeconds;
  const clientId = clientOf(call);
  if (!clientId.ok) return clientId;
  const { caller, context } = call;
  const ring = keyRing(context);
  const token = mintTokenFor(ring, caller.account, clientId.value, context.randomBytes);
  if (!token.ok) return refuse("not_found", "there is no such client");
  const rotation = {
    tokenHash: hashKey(token.value),
    overlapSeconds: overlapSeconds.value,
  };
  const rotated = await callClient(context, clientId.value, "once", (client) =>
    client.rotateToken(rotation),
  );
  if (!rotated.ok) return rotated;
  const { oldTokenUntil } = rotated.value;
  return ok(respond(200, { clientId: clientId.value, token: token.value, oldTokenUntil }));
};

function readOverlapOrUsual(fields: FieldReader): number {
  return readOverlap(fields) ?? USUAL_OVERLAP_SECONDS;
}
