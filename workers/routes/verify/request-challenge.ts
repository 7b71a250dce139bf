import { type ChallengeRequest, ok, readChallengeRequest } from "@sluice/protocol";
import { authenticateSitekey } from "../../front/authenticate.ts";
import { parseBody } from "../../front/parse-body.ts";
import type { Site } from "../../front/read-records.ts";
import { type Outcome, refuse } from "../../front/refusal.ts";
import type { RequestContext } from "../../front/request-context.ts";
import { respond } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { withinAccount } from "../../front/within-account.ts";
import { challengeTestVisitor } from "../../verify/dialects/test-visitors.ts";
import { hostnameOfOrigin, isListed } from "../../verify/hostname.ts";
import { askVisitor } from "./ask-visitor.ts";
import { networkOfVisitor } from "./visitor.ts";

/**
 * `POST /v1/verify/challenge {sitekey, action?, cdata?, path?}` → 200 with a challenge. Nothing is stored:
 * all that a solution is judged by is sealed into what the visitor is given.
 */
export const requestChallenge: Handler<"anyone"> = async ({ request, body, context }) => {
  const asked = parseBody(body, readChallengeRequest);
  if (!asked.ok) return asked;
  const tested = challengeTestVisitor(asked.value.sitekey, context.now());
  if (tested !== null) return ok(respond(200, tested));
  const site = await authenticateSitekey(asked.value.sitekey, context);
  if (!site.ok) return site;
  return withinAccount(context, site.value.account, () =>
    challengeVisitor(asked.value, site.value, request.headers, context),
  );
};

async function challengeVisitor(
  { action, cdata, path }: ChallengeRequest,
  site: Site,
  headers: Headers,
  context: RequestContext,
): Promise<Outcome<Response>> {
  const hostname = hostnameOfOrigin(headers.get("origin"));
  if (hostname === null || !isListed(site.record.hostnames, hostname)) {
    return refuse("wrong_hostname", "this sitekey is not for pages of this host");
  }
  const network = networkOfVisitor(headers);
  context.traffic.noteChallenge(network, context.now());
  const occasion = {
    account: site.accountId,
    siteId: site.siteId,
    hostname,
    action,
    cdata,
    accessible: path === "accessible",
    after: null,
  };
  return ok(respond(200, await askVisitor(context, site.record, occasion, 0, network)));
}
