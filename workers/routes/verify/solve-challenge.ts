import {
  ok,
  PASS_LIFETIME_MS,
  type RefuseReason,
  readSolveRequest,
  type SolveAnswer,
  type SolveRequest,
} from "@sluice/protocol";
import { keyRing, openSite } from "../../front/authenticate.ts";
import { parseBody } from "../../front/parse-body.ts";
import type { Site } from "../../front/read-records.ts";
import { type Outcome, refuse } from "../../front/refusal.ts";
import type { RequestContext } from "../../front/request-context.ts";
import { respond } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { withinAccount } from "../../front/within-account.ts";
import { recordKey, redeem } from "../../ledger/index.ts";
import { attemptOf } from "../../verify/attempt.ts";
import { type Challenge, openChallenge } from "../../verify/challenge.ts";
import { type Decision, decide, decideOnLack } from "../../verify/decide.ts";
import { answerTestVisitor } from "../../verify/dialects/test-visitors.ts";
import { hostnameOfOrigin } from "../../verify/hostname.ts";
import { isHandsOwn, type Judgement, judge, lackOf } from "../../verify/judge.ts";
import { mintPass } from "../../verify/pass.ts";
import { failedPrecondition } from "../../verify/preconditions.ts";
import { isReplay } from "../../verify/replay/index.ts";
import { readSignals, type Signals, weighSignals } from "../../verify/signals.ts";
import { askVisitor } from "./ask-visitor.ts";
import { recordTrack } from "./record-track.ts";
import { networkOfVisitor } from "./visitor.ts";

/** When to come back while no shard of the ledger answers, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/** A solution whose work is done, at the site that it is for. */
interface Attempt {
  readonly challenge: Challenge;
  readonly solution: SolveRequest;
  /** The solution as it was sent. */
  readonly body: string;
  readonly site: Site;
  readonly signals: Signals;
  readonly network: string | null;
}

/**
 * `POST /v1/verify/solve {challenge, pow, answer, track}` → 200 with a pass, a harder challenge or the end.
 * What arithmetic can refuse is refused before anything is looked up; one attempt is made at each challenge.
 */
export const solveChallenge: Handler<"anyone"> = async ({ request, body, context }) => {
  const parsed = parseBody(body, readSolveRequest);
  if (!parsed.ok) return parsed;
  const solution = parsed.value;
  const tested = answerTestVisitor(solution.challenge, context.now());
  if (tested !== null) return answered(tested);
  const network = networkOfVisitor(request.headers);
  const challenge = openChallenge(keyRing(context), solution.challenge);
  const hostname = hostnameOfOrigin(request.headers.get("origin"));
  const now = context.now();
  const fault =
    challenge === null ? "invalid" : failedPrecondition(challenge, solution, hostname, now);
  if (challenge === null || fault !== null) {
    context.traffic.noteFailure(network, now);
    return ended(fault ?? "invalid");
  }
  const site = await openSite(challenge.account, challenge.siteId, context);
  if (!site.ok) return site;
  const signals = readSignals(request, solution.automated);
  const attempt = { challenge, solution, body, site: site.value, signals, network };
  return withinAccount(context, site.value.account, () => judgeOnce(attempt, context));
};

/** Judges a solution, if it is the challenge's only one and was not answered here. */
async function judgeOnce(attempt: Attempt, context: RequestContext): Promise<Outcome<Response>> {
  const { id } = attempt.challenge;
  if (context.answered.has(id)) return refuseUsed(attempt, context);
  const mine = await attemptOf(attempt.body, attempt.network, attempt.signals);
  switch (await redeem(context.ledger, recordKey("challenge", id), mine, context.now())) {
    case "unavailable":
      return refuse("unavailable", "the solution cannot be judged now", RETRY_AFTER_SECONDS);
    case "duplicate":
      return refuseUsed(attempt, context);
    case "accepted":
      // The same solution may have come twice at once.
      return context.answered.add(id)
        ? answerAttempt(attempt, context)
        : refuseUsed(attempt, context);
  }
}

function refuseUsed({ challenge, network }: Attempt, { traffic, now }: RequestContext) {
  traffic.noteWorkedFailure(network, challenge.siteId, now());
  return ended("used");
}

async function answerAttempt(
  attempt: Attempt,
  context: RequestContext,
): Promise<Outcome<Response>> {
  const { challenge, solution, site } = attempt;
  const lack = lackOf(challenge, solution.answer, solution.track);
  if (lack !== null) return carryOut(decideOnLack(challenge, lack), attempt, NOTHING, context);
  const judgement = await judgeAttempt(attempt, context);
  const { threshold } = site.record;
  const decision = decide(challenge, judgement.value, threshold, solution.track);
  recordTrack(context, site, { challenge, track: solution.track, judgement, decision });
  return carryOut(decision, attempt, judgement, context);
}

const NOTHING: Judgement = { value: 0, reasons: [] };

async function judgeAttempt(
  { challenge, solution: { track }, signals, network }: Attempt,
  { traffic, ledger, now }: RequestContext,
): Promise<Judgement> {
  const seenBefore =
    isHandsOwn(challenge, track) && (await isReplay(ledger, challenge.siteId, track));
  const pressure = traffic.pressureOn(network, challenge.siteId, now());
  return judge(challenge, track, weighSignals(signals, pressure), seenBefore);
}

async function carryOut(
  decision: Decision,
  attempt: Attempt,
  judgement: Judgement,
  context: RequestContext,
): Promise<Outcome<Response>> {
  const { challenge, site, network } = attempt;
  const now = context.now();
  if (decision.do === "pass") {
    context.traffic.notePass(challenge.siteId, now);
    return pass(challenge, judgement, context);
  }
  // Whoever is asked for the work in place of a picture has not failed.
  const failed = decision.do === "refuse" || decision.level > challenge.level;
  if (failed) context.traffic.noteWorkedFailure(network, challenge.siteId, now);
  if (decision.do === "refuse") return ended(decision.reason);
  const occasion = { ...challenge, accessible: decision.accessible, after: challenge.id };
  const harder = await askVisitor(context, site.record, occasion, decision.level, network);
  return answered({ verdict: "retry", challenge: harder });
}

async function pass(
  challenge: Challenge,
  { value: score, reasons }: Judgement,
  context: RequestContext,
): Promise<Outcome<Response>> {
  const { id, account, siteId, hostname, action, cdata, interaction } = challenge;
  const solvedAtMs = context.now();
  const named = { id, account, siteId, hostname, action, cdata, interaction };
  const times = { loadedAtMs: challenge.issuedAtMs, solvedAtMs };
  const text = mintPass(
    keyRing(context),
    { ...named, score, reasons, ...times },
    context.randomBytes,
  );
  const solvedAt = Math.floor(solvedAtMs / 1_000);
  return answered({ verdict: "pass", pass: text, id, solvedAt, expiresInMs: PASS_LIFETIME_MS });
}

function ended(reason: RefuseReason): Outcome<Response> {
  return answered({ verdict: "refuse", reason });
}

function answered(answer: SolveAnswer): Outcome<Response> {
  return ok(respond(200, answer));
}
