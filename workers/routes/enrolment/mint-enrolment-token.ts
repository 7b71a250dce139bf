import { type FieldReader, ok } from "@sluice/protocol";
import { keyRing } from "../../front/authenticate.ts";
import { parseBody } from "../../front/parse-body.ts";
import { respond } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { encodeBase32, mintKey, timedKeyId } from "../../keys/index.ts";

const DAY_SECONDS = 24 * 3600;
const DEFAULT_LIFE_SECONDS = DAY_SECONDS;
const MAX_LIFE_SECONDS = 30 * DAY_SECONDS;

/**
 * `POST /v1/enrolment-tokens {expiresInSeconds?}` → 201 `{token, id, expiresAt}`. The expiry is the time in
 * the token's key id, under its tag, so nothing is stored.
 */
export const mintEnrolmentToken: Handler<"operator"> = async ({ body, caller, context }) => {
  const request = parseBody(body, readRequest);
  if (!request.ok) return request;
  const expiresAtMs = context.now() + request.value.lifeSeconds * 1000;
  const owner = {
    account: caller.account,
    keyId: timedKeyId(expiresAtMs, context.randomBytes),
  };
  const token = await mintKey(await keyRing(context), "enrolment", owner, context.randomBytes);
  const expiresAt = new Date(expiresAtMs).toISOString();
  return ok(respond(201, { token, id: `key_${encodeBase32(owner.keyId)}`, expiresAt }));
};

function readRequest(fields: FieldReader): { lifeSeconds: number } {
  for (const field of ["uses", "labels"]) {
    if (fields.has(field)) fields.refuse(field, "cannot be set until keys have a registry");
  }
  return {
    lifeSeconds: fields.integerOr(DEFAULT_LIFE_SECONDS, "expiresInSeconds", 1, MAX_LIFE_SECONDS),
  };
}
