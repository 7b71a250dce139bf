import {
  CLOSE_CODES,
  type CloseCode,
  negotiateSubprotocol,
  ok,
  PROBLEMS,
  type ProblemCode,
  SUBPROTOCOL,
} from "@sluice/protocol";
import type { Refusal } from "../../durable-objects/client/rpc.ts";
import { type Admitted, admitAdmin, admitAnyone, admitClient, admitOperator } from "./admit.ts";
import { limitAddress } from "./limits.ts";
import { problem } from "./problem.ts";
import { readRequestBody } from "./read-body.ts";
import type { Outcome } from "./refusal.ts";
import type { RequestContext } from "./request-context.ts";
import type { Call, Callers, Handler, Route } from "./route.ts";
import { comesWithoutBody, screenBody } from "./screen.ts";
import { withinAccount, withinRate } from "./within-account.ts";

/** What the names in a route's path stand for in a request's. */
export type Params = { readonly [name: string]: string };

/** A request with the values in its path. */
interface Routed {
  readonly request: Request;
  readonly params: Params;
}

/**
 * Takes a request through everything its route asks, cheapest first, and answers it. What fails is
 * answered here: up to the handler no object was woken.
 */
export async function serveRoute(
  route: Route,
  routed: Routed,
  context: RequestContext,
): Promise<Response> {
  const outcome = await admitAndHandle(route, routed, context);
  return outcome.ok ? outcome.value : answerRefusal(route, routed.request, outcome.error, context);
}

async function admitAndHandle(
  route: Route,
  routed: Routed,
  context: RequestContext,
): Promise<Outcome<Response>> {
  const { headers } = routed.request;
  const screened = screenBody(headers, route.body);
  if (!screened.ok) return screened;
  if (!route.sparesAddress) {
    const within = await limitAddress(headers, context);
    if (!within.ok) return within;
  }
  const proceed = <Kind extends keyof Callers>(
    admitted: Outcome<Admitted<Kind>>,
    handle: Handler<Kind>,
  ) => handleAdmitted(route, routed, context, admitted, handle);
  switch (route.caller) {
    case "anyone":
      return proceed<"anyone">(await admitAnyone(), route.handle);
    case "admin":
      return proceed<"admin">(await admitAdmin(headers, context), route.handle);
    case "operator":
      return proceed<"operator">(await admitOperator(headers, route.role, context), route.handle);
    case "client":
      return proceed<"client">(await admitClient(headers, route.connects, context), route.handle);
  }
}

async function handleAdmitted<Kind extends keyof Callers>(
  route: Route,
  { request, params }: Routed,
  context: RequestContext,
  admitted: Outcome<Admitted<Kind>>,
  handle: Handler<Kind>,
): Promise<Outcome<Response>> {
  if (!admitted.ok) return admitted;
  const { caller, account } = admitted.value;
  const work = async () => {
    const body = await bodyOf(route, request);
    if (!body.ok) return body;
    const call: Call<Kind> = { request, params, caller, body: body.value, context };
    return handle(call);
  };
  if (account === null) return work();
  return isHeldOpen(route)
    ? withinRate(context, account, work)
    : withinAccount(context, account, work);
}

/** Polls wait for as long as they may: a fleet of them is not what an account has under way. */
function isHeldOpen(route: Route): boolean {
  return route.caller === "client" && route.connects === "by polls";
}

async function bodyOf(route: Route, request: Request): Promise<Outcome<string>> {
  const rule = route.body;
  if (!("maxBytes" in rule) || comesWithoutBody(request.headers, rule)) return ok("");
  return readRequestBody(request, rule.maxBytes, rule.kind === "fields" ? "replaced" : "refused");
}

function answerRefusal(
  route: Route,
  request: Request,
  refusal: Refusal,
  context: RequestContext,
): Response {
  if (route.refuse !== undefined) return route.refuse(refusal);
  const closeCode = route.body.kind === "upgrade" ? closeCodeOf(refusal.code) : null;
  if (closeCode === null) return problem(refusal, context.requestId);
  const offered = negotiateSubprotocol(request.headers.get("sec-websocket-protocol"));
  return context.refuseSocket(closeCode, refusal.detail, offered === null ? null : SUBPROTOCOL);
}

/**
 * Refusals that a client must be able to read, and a browser reads no status of a refused upgrade. 4401 and
 * 4403 are final for a client; a suspension may end, so it is told to come back.
 */
function closeCodeOf(code: ProblemCode): CloseCode | null {
  if (code === "account_suspended") return CLOSE_CODES.comeBackLater;
  switch (PROBLEMS[code]) {
    case 401:
      return CLOSE_CODES.unauthenticated;
    case 403:
      return CLOSE_CODES.revoked;
    default:
      return null;
  }
}
