import { type IRequest, Router } from "itty-router";
import type { Refusal } from "../durable-objects/client/rpc.ts";
import { answerOptions, answerPreflight, openToPages } from "./front/cors.ts";
import { logFailure } from "./front/log-failure.ts";
import { problem } from "./front/problem.ts";
import type { RequestContext } from "./front/request-context.ts";
import type { Method, Route } from "./front/route.ts";
import { screenUrl } from "./front/screen.ts";
import { type Params, serveRoute } from "./front/serve-route.ts";
import { ROUTES } from "./routes/table.ts";

const REGISTER = { GET: "get", POST: "post", PATCH: "patch", DELETE: "delete" } as const;

/** Paths that pages of every origin may call. */
const PATHS_FOR_PAGES = new Set(
  ROUTES.filter(({ fromPages }) => fromPages).map(({ path }) => path),
);

/**
 * Routes whose path holds no value, by method and path: one look-up finds them, where the router tries one
 * pattern after the other.
 */
const FIXED_ROUTES = new Map(
  ROUTES.filter(({ path }) => !path.includes(":")).map((route) => [nameOf(route), route]),
);
const NO_PARAMS: Params = {};
const PATH = /^[a-z]+:\/\/[^/?#]*([^?#]*)/;

const router = createRouter(ROUTES);

/** Answers one request. Never rejects: what nobody foresaw is a 500 that says nothing of its cause. */
export async function answer(request: Request, context: RequestContext): Promise<Response> {
  const { url, method } = request;
  const screened = screenUrl(url);
  const path = PATH.exec(url)?.[1] ?? "";
  const route = FIXED_ROUTES.get(nameOf({ method, path }));
  if (!screened.ok) return refuseAt(route, screened.error, context);
  if (route === undefined) return router.fetch(request, context);
  return answerAt(route, request, NO_PARAMS, context);
}

function nameOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${path}`;
}

async function answerAt(
  route: Route,
  request: Request,
  params: Params,
  context: RequestContext,
): Promise<Response> {
  const answering = serveRoute(route, { request, params }, context);
  const response = await answering.catch((error: unknown) =>
    answerException(error, route, context),
  );
  return route.fromPages ? openToPages(response) : response;
}

/** Refuses a call in the style of its route, where that has one of its own. */
function refuseAt(route: Route | undefined, refusal: Refusal, context: RequestContext): Response {
  return route?.refuse?.(refusal) ?? problem(refusal, context.requestId);
}

function createRouter(routes: readonly Route[]) {
  const table = Router<IRequest, [RequestContext], Response>({
    finally: [
      (response: Response | undefined, _request: IRequest, context: RequestContext) =>
        response ?? answerNotFound(context),
    ],
  });
  for (const route of routes) {
    table[REGISTER[route.method]](route.path, (request, context) =>
      answerAt(route, request, request.params, context),
    );
  }
  // Behind all routes: a path that is known, with a method that is not.
  for (const [path, methods] of methodsByPath(routes)) {
    table.all(path, ({ method }, context) => answerOtherMethod(method, path, methods, context));
  }
  return table;
}

function methodsByPath(routes: readonly Route[]): Map<string, Method[]> {
  const methods = new Map<string, Method[]>();
  for (const { path, method } of routes) methods.set(path, [...(methods.get(path) ?? []), method]);
  return methods;
}

function answerOtherMethod(
  method: string,
  path: string,
  methods: readonly Method[],
  context: RequestContext,
): Response {
  const response =
    method === "OPTIONS" ? answerAsked(path, methods) : answerWrongMethod(methods, context);
  return PATHS_FOR_PAGES.has(path) ? openToPages(response) : response;
}

function answerAsked(path: string, methods: readonly Method[]): Response {
  const allow = methods.join(", ");
  return PATHS_FOR_PAGES.has(path) ? answerPreflight(allow) : answerOptions(allow);
}

function answerNotFound({ requestId }: RequestContext): Response {
  return problem({ code: "not_found", detail: "there is nothing at this address" }, requestId);
}

function answerWrongMethod(methods: readonly Method[], { requestId }: RequestContext): Response {
  const allow = methods.join(", ");
  const detail = `this address takes ${allow}`;
  return problem({ code: "method_not_allowed", detail }, requestId, { allow });
}

/** The exception's own message is for nobody outside. */
function answerException(error: unknown, route: Route, context: RequestContext): Response {
  const event = "request.failed";
  logFailure(context, { event, method: route.method, route: route.path }, error);
  const refusal = { code: "internal", detail: "the request could not be served" } as const;
  return refuseAt(route, refusal, context);
}
