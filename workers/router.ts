import { LIMITS } from "@sluice/protocol";
import { Router } from "itty-router";
import { logFailure } from "./front/log-failure.ts";
import { problem } from "./front/problem.ts";
import type { RequestContext } from "./front/request-context.ts";
import type { Method, Route } from "./front/route.ts";
import { type BodyRule, screenUrl } from "./front/screen.ts";
import { type RoutedRequest, serveRoute } from "./front/serve-route.ts";
import { getClient } from "./routes/clients/get-client.ts";
import { removeClient } from "./routes/clients/remove-client.ts";
import { revokeClient } from "./routes/clients/revoke-client.ts";
import { updateClient } from "./routes/clients/update-client.ts";
import { enrolClient } from "./routes/enrolment/enrol-client.ts";
import { mintEnrolmentToken } from "./routes/enrolment/mint-enrolment-token.ts";
import { answerHealth } from "./routes/healthz.ts";
import { connectClient } from "./routes/socket/connect-client.ts";
import { cancelTask } from "./routes/tasks/cancel-task.ts";
import { getTask } from "./routes/tasks/get-task.ts";
import { listRows } from "./routes/tasks/list-rows.ts";
import { listTasks } from "./routes/tasks/list-tasks.ts";
import { retryTask } from "./routes/tasks/retry-task.ts";
import { NDJSON, scheduleTasks } from "./routes/tasks/schedule-tasks.ts";

const JSON_TYPE = "application/json";
/** Room for the largest names, labels and facts. */
const SMALL_BYTES = 16 * 1024;

const SMALL_TEXT = { kind: "text", mediaTypes: [JSON_TYPE], maxBytes: SMALL_BYTES } as const;

const NONE: BodyRule = { kind: "none" };
const UPGRADE: BodyRule = { kind: "upgrade" };
const SMALL: BodyRule = { ...SMALL_TEXT, optional: false };
const SMALL_OR_NONE: BodyRule = { ...SMALL_TEXT, optional: true };
const TASKS: BodyRule = {
  kind: "text",
  mediaTypes: [JSON_TYPE, NDJSON],
  maxBytes: LIMITS.callBytes,
  optional: false,
};

/** Every address of the service: who may call it, what body it takes, what answers it. */
// biome-ignore format: a table is read by its columns
export const ROUTES: readonly Route[] = [
  { method: "GET",    path: "/healthz",                               caller: "anyone",   body: NONE,          handle: answerHealth },

  { method: "POST",   path: "/v1/enrolment-tokens",                   caller: "operator", body: SMALL_OR_NONE, handle: mintEnrolmentToken },
  // The enrolment token is in the body.
  { method: "POST",   path: "/v1/enrol",                              caller: "anyone",   body: SMALL,         handle: enrolClient },
  { method: "GET",    path: "/v1/connect",                            caller: "client",   body: UPGRADE,       handle: connectClient },

  { method: "GET",    path: "/v1/clients/:id",                        caller: "operator", body: NONE,          handle: getClient },
  { method: "PATCH",  path: "/v1/clients/:id",                        caller: "operator", body: SMALL,         handle: updateClient },
  { method: "DELETE", path: "/v1/clients/:id",                        caller: "operator", body: NONE,          handle: removeClient },
  { method: "POST",   path: "/v1/clients/:id/revoke",                 caller: "operator", body: NONE,          handle: revokeClient },

  { method: "POST",   path: "/v1/clients/:id/tasks",                  caller: "operator", body: TASKS,         handle: scheduleTasks },
  { method: "GET",    path: "/v1/clients/:id/tasks",                  caller: "operator", body: NONE,          handle: listTasks },
  { method: "GET",    path: "/v1/clients/:id/tasks/:task",            caller: "operator", body: NONE,          handle: getTask },
  { method: "GET",    path: "/v1/clients/:id/tasks/:task/rows",       caller: "operator", body: NONE,          handle: listRows },
  { method: "POST",   path: "/v1/clients/:id/tasks/:task/cancel",     caller: "operator", body: NONE,          handle: cancelTask },
  { method: "POST",   path: "/v1/clients/:id/tasks/:task/retry",      caller: "operator", body: NONE,          handle: retryTask },
];

const REGISTER = { GET: "get", POST: "post", PATCH: "patch", DELETE: "delete" } as const;

const router = createRouter(ROUTES);

/** Answers one request. Never rejects: what nobody foresaw is a 500 that says nothing of its cause. */
export async function answer(request: Request, context: RequestContext): Promise<Response> {
  const screened = screenUrl(request.url);
  if (!screened.ok) return problem(screened.error, context.requestId);
  return router.fetch(request, context);
}

function createRouter(routes: readonly Route[]) {
  const table = Router<RoutedRequest, [RequestContext], Response>({
    // The library's own handler would send the exception's message to the caller.
    catch: (error: unknown, request: RoutedRequest, context: RequestContext) =>
      answerException(error, request, context),
    finally: [
      (response: Response | undefined, _request: RoutedRequest, context: RequestContext) =>
        response ?? answerNotFound(context),
    ],
  });
  for (const route of routes) {
    table[REGISTER[route.method]](route.path, (request, context) =>
      serveRoute(route, request, context),
    );
  }
  // Behind all routes: a path that is known, with a method that is not.
  for (const [path, methods] of methodsByPath(routes)) {
    table.all(path, (_request, context) => answerWrongMethod(methods, context));
  }
  return table;
}

function methodsByPath(routes: readonly Route[]): Map<string, Method[]> {
  const methods = new Map<string, Method[]>();
  for (const { path, method } of routes) methods.set(path, [...(methods.get(path) ?? []), method]);
  return methods;
}

function answerNotFound({ requestId }: RequestContext): Response {
  return problem({ code: "not_found", detail: "there is nothing at this address" }, requestId);
}

function answerWrongMethod(methods: readonly Method[], { requestId }: RequestContext): Response {
  const allow = methods.join(", ");
  const detail = `this address takes ${allow}`;
  return problem({ code: "method_not_allowed", detail }, requestId, { allow });
}

function answerException(
  error: unknown,
  request: RoutedRequest,
  context: RequestContext,
): Response {
  const event = "request.failed";
  logFailure(context, { event, method: request.method, route: request.route }, error);
  return problem(
    { code: "internal", detail: "the request could not be served" },
    context.requestId,
  );
}
