import { type ClientFacts, type FieldReader, ok, readFacts } from "@sluice/protocol";
import { callClient } from "../../dispatch/call-client.ts";
import { keyRing, openSite } from "../../front/authenticate.ts";
import { parseBody } from "../../front/parse-body.ts";
import { type Outcome, refuse } from "../../front/refusal.ts";
import type { RequestContext } from "../../front/request-context.ts";
import { respond } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { withinAccount } from "../../front/within-account.ts";
import { hashKey, mintClient, parseAccountId } from "../../keys/index.ts";
import { hostnameOfOrigin } from "../../verify/hostname.ts";
import { openPass, type Pass } from "../../verify/pass.ts";
import { isOver, spendPass } from "../../verify/redeem-pass.ts";
import { MAX_SEALED_CHARACTERS } from "../../verify/seal.ts";
import { NAME_CHARACTERS } from "../clients/read-labels.ts";

/** For how long a verified visitor's browser is a client: a visit, and no identity that outlives it. */
export const VISITOR_LIFETIME_MS = 3_600_000;
const USUAL_NAME = "browser";

interface VisitorRequest {
  readonly pass: string;
  readonly name: string;
  readonly facts: ClientFacts;
}

/**
 * `POST /v1/enrol {pass, name?, facts?}` → 201 `{clientId, token, expiresAt}`, where the pass's site allows
 * it. The pass is spent by this as by siteverify. The client ends by itself an hour later; until then it
 * takes no place in its account's count, because visitors come as they like.
 */
export const enrolVisitor: Handler<"anyone"> = async ({ request, body, context }) => {
  const asked = parseBody(body, readRequest);
  if (!asked.ok) return asked;
  const opened = openPass(keyRing(context), asked.value.pass);
  if (!opened.ok) return refuse("invalid_key", "this pass was not made here");
  const pass = opened.value;
  const hostname = hostnameOfOrigin(request.headers.get("origin"));
  if (hostname !== null && hostname !== pass.hostname) {
    return refuse("wrong_hostname", "this pass is of a page of another host");
  }
  const site = await openSite(pass.account, pass.siteId, context);
  if (!site.ok) return site;
  if (!site.value.record.policy.enrols) {
    return refuse("forbidden", "passes of this site are for its server alone");
  }
  if (isOver(pass, context.now())) return refuse("invalid_key", "this pass has expired");
  return withinAccount(context, site.value.account, async () => {
    const spent = await spendPass(context, pass);
    if (spent.kind === "accepted") return enrolFor(pass, asked.value, context);
    return spent.because === "used"
      ? refuse("conflict", "this pass was used already")
      : refuse("unavailable", "the pass cannot be exchanged now", spent.retryAfterSeconds);
  });
};

async function enrolFor(
  pass: Pass,
  { name, facts }: VisitorRequest,
  context: RequestContext,
): Promise<Outcome<Response>> {
  const account = parseAccountId(pass.account);
  if (account === null) throw new TypeError("a pass of ours names an account");
  const now = context.now();
  const ring = keyRing(context);
  const { clientId, token } = mintClient(ring, account, now, context.randomBytes);
  const expiresAtMs = now + VISITOR_LIFETIME_MS;
  const enrolled = await callClient(context, clientId, "once", async (client) =>
    client.enrol({
      account: pass.account,
      client: clientId,
      name,
      labels: ["verified", `site:${pass.siteId}`],
      facts,
      tokenHash: hashKey(token),
      expiresAtMs,
    }),
  );
  if (!enrolled.ok) return enrolled;
  return ok(respond(201, { clientId, token, expiresAt: new Date(expiresAtMs).toISOString() }));
}

function readRequest(fields: FieldReader): VisitorRequest {
  return {
    pass: fields.name("pass", MAX_SEALED_CHARACTERS),
    name: fields.says("name") ? fields.name("name", NAME_CHARACTERS) : USUAL_NAME,
    facts: fields.has("facts") ? readFacts(fields.nested("facts")) : {},
  };
}
