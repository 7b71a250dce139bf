import {
  type ClientFacts,
  type ClientId,
  type FieldReader,
  MAX_ID_CHARACTERS,
  ok,
  readFacts,
} from "@sluice/protocol";
import type { Enrolment } from "../../../durable-objects/client/rpc.ts";
import { callEnrolment } from "../../accounts/call-registry.ts";
import { withPlace } from "../../accounts/client-places.ts";
import { callClient } from "../../dispatch/call-client.ts";
import { authenticateEnrolment, keyRing } from "../../front/authenticate.ts";
import { parseBody } from "../../front/parse-body.ts";
import { type OpenedKey, readAccount } from "../../front/read-records.ts";
import { type Outcome, refuse } from "../../front/refusal.ts";
import type { RequestContext } from "../../front/request-context.ts";
import { respond } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { withinAccount } from "../../front/within-account.ts";
import { hashKey, mintClient } from "../../keys/index.ts";
import { MAX_LABELS, NAME_CHARACTERS, readLabels } from "../clients/read-labels.ts";

type Token = OpenedKey<"enrolment">;

interface EnrolRequest {
  readonly token: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly facts: ClientFacts;
}

/**
 * `POST /v1/enrol {token, name, labels?, facts?}` → 201 `{clientId, token}`. The client has the labels of
 * its enrolment token and its own. Its object is told the hash of the new token; the token itself is in
 * this answer and nowhere else.
 */
export const enrolMachine: Handler<"anyone"> = async ({ body, context }) => {
  const request = parseBody(body, readRequest);
  if (!request.ok) return request;
  const token = await authenticateEnrolment(request.value.token, context);
  if (!token.ok) return token;
  const account = await readAccount(context, token.value.accountId);
  if (!account.ok) return account;
  return withinAccount(context, account.value, () =>
    enrolWith(token.value, request.value, context),
  );
};

async function enrolWith(
  token: Token,
  { name, facts, labels: own }: EnrolRequest,
  context: RequestContext,
): Promise<Outcome<Response>> {
  const labels = [...new Set([...token.record.labels, ...own])];
  if (labels.length > MAX_LABELS) {
    return refuse("bad_request", `labels and those of the token may be ${MAX_LABELS} together`);
  }
  const ring = keyRing(context);
  const minted = mintClient(ring, token.account, context.now(), context.randomBytes);
  const client = minted.clientId;
  const tokenHash = hashKey(minted.token);
  const enrolment = { account: token.accountId, client, name, labels, facts, tokenHash };
  const enrolled = await enrolOnce(token, enrolment, context);
  return enrolled.ok ? ok(respond(201, { clientId: client, token: minted.token })) : enrolled;
}

/** Enrols a client that has a use of its token, if those are counted, and a place in its account. */
function enrolOnce(
  token: Token,
  enrolment: Enrolment,
  context: RequestContext,
): Promise<Outcome<unknown>> {
  const { account, client } = enrolment;
  return withTokenUse(token, client, context, () =>
    withPlace(context, account, client, () =>
      callClient(context, client, "once", (stub) => stub.enrol(enrolment)),
    ),
  );
}

/**
 * Takes a use of the token, where they are counted, before the client is enrolled, and returns it if that
 * fails: the answer with the client's token is not sent then, so whatever was stored opens to nobody.
 */
async function withTokenUse<Value>(
  { keyId, record: { uses, expiresAtMs } }: Token,
  client: ClientId,
  context: RequestContext,
  enrol: () => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  if (uses === null) return enrol();
  const use = { client, uses, expiresAtMs };
  const used = await callEnrolment(context, keyId, (counter) => counter.useToken(use));
  if (!used.ok) return used;
  const enrolled = await enrol();
  if (!enrolled.ok) await callEnrolment(context, keyId, (counter) => counter.giveBack(client));
  return enrolled;
}

function readRequest(fields: FieldReader): EnrolRequest {
  return {
    token: fields.name("token", MAX_ID_CHARACTERS),
    name: fields.name("name", NAME_CHARACTERS),
    labels: fields.has("labels") ? readLabels(fields) : [],
    facts: fields.has("facts") ? readFacts(fields.nested("facts")) : {},
  };
}
