import {
  type ClientFacts,
  type FieldReader,
  MAX_ID_CHARACTERS,
  ok,
  readFacts,
} from "@sluice/protocol";
import { callClient } from "../../dispatch/call-client.ts";
import { authenticateKey, keyRing } from "../../front/authenticate.ts";
import { limitKey } from "../../front/limits.ts";
import { parseBody } from "../../front/parse-body.ts";
import { type Outcome, refuse } from "../../front/refusal.ts";
import type { RequestContext } from "../../front/request-context.ts";
import { respond } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import {
  encodeBase32,
  formatAccountId,
  hashKey,
  mintClient,
  timeOf,
  type VerifiedKey,
} from "../../keys/index.ts";
import { NAME_CHARACTERS, readLabels } from "../clients/read-labels.ts";

interface EnrolRequest {
  readonly token: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly facts: ClientFacts;
}

/**
 * `POST /v1/enrol {token, name, labels?, facts?}` → 201 `{clientId, token}`. The client's object is told the
 * hash of the new token; the token itself is in this answer and nowhere else.
 */
export const enrolClient: Handler<"anyone"> = async ({ body, context }) => {
  const request = parseBody(body, readRequest);
  if (!request.ok) return request;
  const key = await admitEnrolment(request.value.token, context);
  if (!key.ok) return key;
  const { account } = key.value;
  const now = context.now();
  const { clientId, token } = await mintClient(
    await keyRing(context),
    account,
    now,
    context.randomBytes,
  );
  const { name, labels, facts } = request.value;
  const enrolment = {
    account: formatAccountId(account),
    client: clientId,
    name,
    labels,
    facts,
    tokenHash: await hashKey(token),
  };
  const enrolled = await callClient(context, clientId, "once", (client) => client.enrol(enrolment));
  return enrolled.ok ? ok(respond(201, { clientId, token })) : enrolled;
};

/** Whether a token may enrol now: genuine, not expired, and not used too often. */
async function admitEnrolment(
  token: string,
  context: RequestContext,
): Promise<Outcome<VerifiedKey>> {
  const key = await authenticateKey(token, "enrolment", context);
  if (!key.ok) return key;
  if (timeOf(key.value.keyId) <= context.now()) {
    return refuse("invalid_key", "the enrolment token has expired");
  }
  const within = await limitKey(encodeBase32(key.value.keyId), context);
  return within.ok ? key : within;
}

function readRequest(fields: FieldReader): EnrolRequest {
  return {
    token: fields.name("token", MAX_ID_CHARACTERS),
    name: fields.name("name", NAME_CHARACTERS),
    labels: fields.has("labels") ? readLabels(fields) : [],
    facts: fields.has("facts") ? readFacts(fields.nested("facts")) : {},
  };
}
