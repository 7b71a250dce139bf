import {
  CLOSE_CODES,
  negotiateSubprotocol,
  ok,
  PROBLEMS,
  type ProblemCode,
  SUBPROTOCOL,
} from "@sluice/protocol";
import type { Refusal } from "../../durable-objects/client/rpc.ts";
import { authenticateClient, authenticateOperator, bearerOf } from "./authenticate.ts";
import { limitAddress, limitClient, limitKey } from "./limits.ts";
import { problem } from "./problem.ts";
import { readBody } from "./read-body.ts";
import type { Outcome } from "./refusal.ts";
import type { RequestContext } from "./request-context.ts";
import type { Call, Callers, Handler, Route } from "./route.ts";
import { comesWithoutBody, screenBody } from "./screen.ts";

/** A request with what the router found: the pattern of its path and the values in it. */
export type RoutedRequest = Request & {
  readonly route: string;
  readonly params: { readonly [name: string]: string };
};

/**
 * Takes a request through everything its route asks, cheapest first, and answers it. What fails is
 * answered here: up to the handler no object was woken.
 */
export async function serveRoute(
  route: Route,
  request: RoutedRequest,
  context: RequestContext,
): Promise<Response> {
  const outcome = await admitAndHandle(route, request, context);
  return outcome.ok ? outcome.value : answerRefusal(route, request, outcome.error, context);
}

async function admitAndHandle(
  route: Route,
  request: RoutedRequest,
  context: RequestContext,
): Promise<Outcome<Response>> {
  const screened = screenBody(request.headers, route.body);
  if (!screened.ok) return screened;
  const within = await limitAddress(request.headers, context);
  if (!within.ok) return within;
  const proceed = <Kind extends keyof Callers>(
    caller: Outcome<Callers[Kind]>,
    handle: Handler<Kind>,
  ) => handleFor(route, request, context, caller, handle);
  switch (route.caller) {
    case "anyone":
      return proceed<"anyone">(ok(null), route.handle);
    case "operator":
      return proceed<"operator">(await admitOperator(request, context), route.handle);
    case "client":
      return proceed<"client">(await admitClient(request, context), route.handle);
  }
}

async function handleFor<Kind extends keyof Callers>(
  route: Route,
  request: RoutedRequest,
  context: RequestContext,
  caller: Outcome<Callers[Kind]>,
  handle: Handler<Kind>,
): Promise<Outcome<Response>> {
  if (!caller.ok) return caller;
  const body = await bodyOf(route, request);
  if (!body.ok) return body;
  const call: Call<Kind> = {
    request,
    params: request.params,
    caller: caller.value,
    body: body.value,
    context,
  };
  return handle(call);
}

async function admitOperator(
  request: Request,
  context: RequestContext,
): Promise<Outcome<Callers["operator"]>> {
  const operator = await authenticateOperator(request.headers, context);
  if (!operator.ok) return operator;
  const within = await limitKey(operator.value.keyId, context);
  return within.ok ? operator : within;
}

async function admitClient(
  request: Request,
  context: RequestContext,
): Promise<Outcome<Callers["client"]>> {
  const offered = negotiateSubprotocol(request.headers.get("sec-websocket-protocol"));
  const token = bearerOf(request.headers) ?? offered?.token ?? null;
  const client = await authenticateClient(token, context);
  if (!client.ok) return client;
  const within = await limitClient(client.value.clientId, context);
  return within.ok ? client : within;
}

async function bodyOf(route: Route, request: Request): Promise<Outcome<string>> {
  const rule = route.body;
  if (rule.kind !== "text" || comesWithoutBody(request.headers, rule)) return ok("");
  return readBody(request.body, rule.maxBytes);
}

function answerRefusal(
  route: Route,
  request: Request,
  refusal: Refusal,
  context: RequestContext,
): Response {
  const closeCode = route.body.kind === "upgrade" ? closeCodeOf(refusal.code) : null;
  if (closeCode === null) return problem(refusal, context.requestId);
  const offered = negotiateSubprotocol(request.headers.get("sec-websocket-protocol"));
  return context.refuseSocket(closeCode, refusal.detail, offered === null ? null : SUBPROTOCOL);
}

/** Refusals that a client must be able to read, and a browser reads no status of a refused upgrade. */
function closeCodeOf(code: ProblemCode): 4401 | 4403 | null {
  switch (PROBLEMS[code]) {
    case 401:
      return CLOSE_CODES.unauthenticated;
    case 403:
      return CLOSE_CODES.revoked;
    default:
      return null;
  }
}
