import { type FieldReader, ok } from "@sluice/protocol";
import { callAccount } from "../../accounts/call-registry.ts";
import { keyRing } from "../../front/authenticate.ts";
import { parseBody } from "../../front/parse-body.ts";
import { respond } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { encodeBase32, hashKey, mintKey, timedKeyId } from "../../keys/index.ts";
import { readLabels } from "../clients/read-labels.ts";
import { readLabel } from "../keys/read-key-spec.ts";
import { actorOf } from "../registry/ask-registry.ts";

const DAY_SECONDS = 24 * 3600;
const DEFAULT_LIFE_SECONDS = DAY_SECONDS;
const MAX_LIFE_SECONDS = 30 * DAY_SECONDS;
const MAX_USES = 1_000_000;

interface MintRequest {
  readonly label: string;
  readonly labels: readonly string[];
  /** Null: any number. */
  readonly uses: number | null;
  readonly lifeSeconds: number;
}

/**
 * `POST /v1/enrolment-tokens {label?, labels?, uses?, expiresInSeconds?}` → 201 with the token's view and
 * the `token`, which is in this answer and nowhere else. Every client that enrols with it gets `labels`.
 */
export const mintEnrolmentToken: Handler<"operator"> = async ({ body, caller, context }) => {
  const request = parseBody(body, readRequest);
  if (!request.ok) return request;
  const { lifeSeconds, ...fields } = request.value;
  const keyId = timedKeyId(context.now(), context.randomBytes);
  const owner = { account: caller.account, keyId };
  const token = mintKey(keyRing(context), "enrolment", owner, context.randomBytes);
  const spec = {
    ...fields,
    id: encodeBase32(keyId),
    secretHash: hashKey(token),
    expiresAtMs: context.now() + lifeSeconds * 1000,
  };
  const created = await callAccount(context, caller.accountId, "once", (registry) =>
    registry.createEntry("enrolment", spec, actorOf(caller)),
  );
  return created.ok ? ok(respond(201, { ...created.value, token })) : created;
};

function readRequest(fields: FieldReader): MintRequest {
  return {
    label: readLabel(fields),
    labels: fields.has("labels") ? readLabels(fields) : [],
    uses: fields.has("uses") ? fields.integer("uses", 1, MAX_USES) : null,
    lifeSeconds: fields.integerOr(DEFAULT_LIFE_SECONDS, "expiresInSeconds", 1, MAX_LIFE_SECONDS),
  };
}
