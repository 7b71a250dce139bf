import {
  ok,
  PASS_LIFETIME_MS,
  type RefuseReason,
  readSolveRequest,
  type SolveAnswer,
} from "@sluice/protocol";
import { keyRing, openSite } from "../../front/authenticate.ts";
import { parseBody } from "../../front/parse-body.ts";
import { type Outcome, refuse } from "../../front/refusal.ts";
import type { RequestContext } from "../../front/request-context.ts";
import { respond } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { withinAccount } from "../../front/within-account.ts";
import { encodeHex } from "../../keys/bytes.ts";
import { attemptId, recordKey, redeem } from "../../ledger/index.ts";
import { type Challenge, openChallenge } from "../../verify/challenge.ts";
import { hostnameOfOrigin } from "../../verify/hostname.ts";
import { mintPass } from "../../verify/pass.ts";
import { failedPrecondition } from "../../verify/preconditions.ts";

/** When to come back while no shard of the ledger answers, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/** `POST /v1/verify/solve {challenge, pow, answer, track}` → 200 with a pass, a harder challenge or the end. */
export const solveChallenge: Handler<"anyone"> = async ({ request, body, context }) => {
  const solution = parseBody(body, readSolveRequest);
  if (!solution.ok) return solution;
  const challenge = await openChallenge(await keyRing(context), solution.value.challenge);
  if (challenge === null) return ended("invalid");
  const hostname = hostnameOfOrigin(request.headers.get("origin"));
  const failed = failedPrecondition(challenge, solution.value, hostname, context.now());
  if (failed !== null) return ended(failed);
  const site = await openSite(challenge.account, challenge.siteId, context);
  if (!site.ok) return site;
  return withinAccount(context, site.value.account, async () => {
    const claimed = await claimChallenge(challenge, context);
    if (!claimed.ok) return claimed;
    return claimed.value ? pass(challenge, context) : ended("used");
  });
};

async function claimChallenge(
  { id }: Challenge,
  context: RequestContext,
): Promise<Outcome<boolean>> {
  const attempt = attemptId(encodeHex(context.randomBytes(16)));
  const verdict = await redeem(context.ledger, recordKey("challenge", id), attempt, context.now());
  if (verdict === "unavailable")
    return refuse("unavailable", "the solution cannot be judged now", RETRY_AFTER_SECONDS);
  return ok(verdict === "accepted");
}

async function pass(challenge: Challenge, context: RequestContext): Promise<Outcome<Response>> {
  const { id, account, siteId, hostname, action, cdata, interaction, issuedAtMs } = challenge;
  const now = context.now();
  const pass = await mintPass(
    await keyRing(context),
    {
      id,
      account,
      siteId,
      hostname,
      action,
      cdata,
      score: 0.7,
      reasons: [],
      interaction,
      loadedAtMs: issuedAtMs,
      solvedAtMs: now,
    },
    context.randomBytes,
  );
  const solvedAt = Math.floor(now / 1000);
  return answered({ verdict: "pass", pass, id, solvedAt, expiresInMs: PASS_LIFETIME_MS });
}

function ended(reason: RefuseReason): Outcome<Response> {
  return answered({ verdict: "refuse", reason });
}

function answered(answer: SolveAnswer): Outcome<Response> {
  return ok(respond(200, answer));
}
