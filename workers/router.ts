import { LIMITS, VERIFY_LIMITS } from "@sluice/protocol";
import { type IRequest, Router } from "itty-router";
import type { Refusal } from "../durable-objects/client/rpc.ts";
import { answerOptions, answerPreflight, openToPages } from "./front/cors.ts";
import { logFailure } from "./front/log-failure.ts";
import { problem } from "./front/problem.ts";
import type { RequestContext } from "./front/request-context.ts";
import type { Method, Route } from "./front/route.ts";
import { type BodyRule, screenUrl } from "./front/screen.ts";
import { type Params, serveRoute } from "./front/serve-route.ts";
import { closeAccount } from "./routes/accounts/close-account.ts";
import { getAccount } from "./routes/accounts/get-account.ts";
import { issueAccountKey } from "./routes/accounts/issue-account-key.ts";
import { listAccounts } from "./routes/accounts/list-accounts.ts";
import { openAccount } from "./routes/accounts/open-account.ts";
import { updateAccount } from "./routes/accounts/update-account.ts";
import { getClient } from "./routes/clients/get-client.ts";
import { removeClient } from "./routes/clients/remove-client.ts";
import { revokeClient } from "./routes/clients/revoke-client.ts";
import { rotateClient } from "./routes/clients/rotate-client.ts";
import { updateClient } from "./routes/clients/update-client.ts";
import { enrol } from "./routes/enrolment/enrol.ts";
import { mintEnrolmentToken } from "./routes/enrolment/mint-enrolment-token.ts";
import { answerHealth } from "./routes/healthz.ts";
import { createKey } from "./routes/keys/create-key.ts";
import { rotateKey } from "./routes/keys/rotate-key.ts";
import { listAudit } from "./routes/list-audit.ts";
import { getEntry } from "./routes/registry/get-entry.ts";
import { listEntries } from "./routes/registry/list-entries.ts";
import { removeEntry } from "./routes/registry/remove-entry.ts";
import { revokeEntry } from "./routes/registry/revoke-entry.ts";
import { createSite } from "./routes/sites/create-site.ts";
import { eraseTracks } from "./routes/sites/erase-tracks.ts";
import { listTracks } from "./routes/sites/list-tracks.ts";
import { rotateSite } from "./routes/sites/rotate-site.ts";
import { updateSite } from "./routes/sites/update-site.ts";
import { speaking } from "./routes/siteverify/siteverify.ts";
import { connectClient } from "./routes/socket/connect-client.ts";
import { pollClient } from "./routes/socket/poll-client.ts";
import { cancelTask } from "./routes/tasks/cancel-task.ts";
import { getTask } from "./routes/tasks/get-task.ts";
import { listRows } from "./routes/tasks/list-rows.ts";
import { listTasks } from "./routes/tasks/list-tasks.ts";
import { retryTask } from "./routes/tasks/retry-task.ts";
import { NDJSON, scheduleTasks } from "./routes/tasks/schedule-tasks.ts";
import { requestChallenge } from "./routes/verify/request-challenge.ts";
import { serveWidget } from "./routes/verify/serve-widget.ts";
import { solveChallenge } from "./routes/verify/solve-challenge.ts";
import { GEETEST } from "./verify/dialects/geetest.ts";
import { HCAPTCHA } from "./verify/dialects/hcaptcha.ts";
import { RECAPTCHA } from "./verify/dialects/recaptcha.ts";
import { SLUICE, TURNSTILE } from "./verify/dialects/turnstile.ts";

const JSON_TYPE = "application/json";
/** Room for the largest names, labels and facts. */
const SMALL_BYTES = 16 * 1024;

const SMALL_TEXT = { kind: "text", mediaTypes: [JSON_TYPE], maxBytes: SMALL_BYTES } as const;

const NONE: BodyRule = { kind: "none" };
const UPGRADE: BodyRule = { kind: "upgrade" };
const SMALL: BodyRule = { ...SMALL_TEXT, optional: false };
/** Room for as many hostnames as a site may have. */
const SITE: BodyRule = { ...SMALL_TEXT, maxBytes: 2 * SMALL_BYTES, optional: false };
const SMALL_OR_NONE: BodyRule = { ...SMALL_TEXT, optional: true };
const FIELDS: BodyRule = { kind: "fields", maxBytes: SMALL_BYTES };
const POLL: BodyRule = { ...SMALL_TEXT, maxBytes: LIMITS.pollBytes, optional: false };
const TASKS: BodyRule = {
  kind: "text",
  mediaTypes: [JSON_TYPE, NDJSON],
  maxBytes: LIMITS.callBytes,
  optional: false,
};

/** A page that sends JSON as text needs no preflight. */
const FROM_PAGE = { kind: "text", mediaTypes: [JSON_TYPE, "text/plain"], optional: false } as const;
const ENROLMENT: BodyRule = { ...FROM_PAGE, maxBytes: SMALL_BYTES };
const CHALLENGE: BodyRule = { ...FROM_PAGE, maxBytes: VERIFY_LIMITS.challengeBytes };
const SOLUTION: BodyRule = { ...FROM_PAGE, maxBytes: VERIFY_LIMITS.solveBytes };

/** Of an operator's key, the role that a route asks for at least. */
const READS = { caller: "operator", role: "viewer" } as const;
const WORKS = { caller: "operator", role: "operator" } as const;
const OWNS = { caller: "operator", role: "admin" } as const;
/** Sites' servers, whose secret is among the fields that they send. */
const BY_SERVERS = { caller: "anyone", sparesAddress: true } as const;
/** A page's visitor. Whose site it is, the sitekey, the sealed challenge or the pass in the body says. */
const VISITS = { caller: "anyone", fromPages: true } as const;
/** How a client is connected. */
const SOCKET = { caller: "client", connects: "by socket" } as const;
const POLLS = { caller: "client", connects: "by polls" } as const;

/** Every address of the service: who may call it, what body it takes, what answers it. */
// biome-ignore format: a table is read by its columns
export const ROUTES: readonly Route[] = [
  { method: "POST",   path: "/v1/verify/challenge",                   ...VISITS,        body: CHALLENGE,     handle: requestChallenge },
  { method: "POST",   path: "/v1/verify/solve",                       ...VISITS,        body: SOLUTION,      handle: solveChallenge },
  { method: "POST",   path: "/siteverify",                            ...BY_SERVERS,    body: FIELDS,        ...speaking(SLUICE) },
  { method: "POST",   path: "/turnstile/v0/siteverify",               ...BY_SERVERS,    body: FIELDS,        ...speaking(TURNSTILE) },
  { method: "POST",   path: "/recaptcha/api/siteverify",              ...BY_SERVERS,    body: FIELDS,        ...speaking(RECAPTCHA) },
  { method: "POST",   path: "/hcaptcha/siteverify",                   ...BY_SERVERS,    body: FIELDS,        ...speaking(HCAPTCHA) },
  { method: "GET",    path: "/validate",                              ...BY_SERVERS,    body: NONE,          ...speaking(GEETEST) },
  { method: "POST",   path: "/validate",                              ...BY_SERVERS,    body: FIELDS,        ...speaking(GEETEST) },
  { method: "GET",    path: "/v1/verify/api.js",                      ...VISITS,        body: NONE,          handle: serveWidget },
  // Where loaders that are written for a vendor look for its script on a host of one's own.
  { method: "GET",    path: "/turnstile/v0/api.js",                   ...VISITS,        body: NONE,          handle: serveWidget },
  { method: "GET",    path: "/recaptcha/api.js",                      ...VISITS,        body: NONE,          handle: serveWidget },
  { method: "GET",    path: "/recaptcha/enterprise.js",               ...VISITS,        body: NONE,          handle: serveWidget },
  { method: "GET",    path: "/1/api.js",                              ...VISITS,        body: NONE,          handle: serveWidget },
  { method: "GET",    path: "/v4/gt4.js",                             ...VISITS,        body: NONE,          handle: serveWidget },

  { method: "GET",    path: "/healthz",                               caller: "anyone", body: NONE,          handle: answerHealth },

  { method: "POST",   path: "/v1/accounts",                           caller: "admin",  body: SMALL,         handle: openAccount },
  { method: "GET",    path: "/v1/accounts",                           caller: "admin",  body: NONE,          handle: listAccounts },
  { method: "GET",    path: "/v1/accounts/:id",                       caller: "admin",  body: NONE,          handle: getAccount },
  { method: "PATCH",  path: "/v1/accounts/:id",                       caller: "admin",  body: SMALL,         handle: updateAccount },
  { method: "DELETE", path: "/v1/accounts/:id",                       caller: "admin",  body: NONE,          handle: closeAccount },
  { method: "POST",   path: "/v1/accounts/:id/keys",                  caller: "admin",  body: SMALL_OR_NONE, handle: issueAccountKey },

  { method: "POST",   path: "/v1/keys",                               ...OWNS,          body: SMALL_OR_NONE, handle: createKey },
  { method: "GET",    path: "/v1/keys",                               ...READS,         body: NONE,          handle: listEntries("operator") },
  { method: "GET",    path: "/v1/keys/:id",                           ...READS,         body: NONE,          handle: getEntry("operator") },
  { method: "DELETE", path: "/v1/keys/:id",                           ...OWNS,          body: NONE,          handle: removeEntry("operator") },
  { method: "POST",   path: "/v1/keys/:id/rotate",                    ...OWNS,          body: SMALL_OR_NONE, handle: rotateKey },
  { method: "POST",   path: "/v1/keys/:id/revoke",                    ...OWNS,          body: NONE,          handle: revokeEntry("operator") },

  { method: "POST",   path: "/v1/sites",                              ...OWNS,          body: SITE,          handle: createSite },
  { method: "GET",    path: "/v1/sites",                              ...READS,         body: NONE,          handle: listEntries("site") },
  { method: "GET",    path: "/v1/sites/:sitekey",                     ...READS,         body: NONE,          handle: getEntry("site") },
  { method: "PATCH",  path: "/v1/sites/:sitekey",                     ...OWNS,          body: SITE,          handle: updateSite },
  { method: "DELETE", path: "/v1/sites/:sitekey",                     ...OWNS,          body: NONE,          handle: removeEntry("site") },
  { method: "POST",   path: "/v1/sites/:sitekey/rotate",              ...OWNS,          body: SMALL_OR_NONE, handle: rotateSite },
  { method: "GET",    path: "/v1/sites/:sitekey/tracks",              ...OWNS,          body: NONE,          handle: listTracks },
  { method: "DELETE", path: "/v1/sites/:sitekey/tracks",              ...OWNS,          body: NONE,          handle: eraseTracks },

  { method: "GET",    path: "/v1/audit",                              ...READS,         body: NONE,          handle: listAudit },

  { method: "POST",   path: "/v1/enrolment-tokens",                   ...WORKS,         body: SMALL_OR_NONE, handle: mintEnrolmentToken },
  { method: "GET",    path: "/v1/enrolment-tokens",                   ...READS,         body: NONE,          handle: listEntries("enrolment") },
  { method: "GET",    path: "/v1/enrolment-tokens/:id",               ...READS,         body: NONE,          handle: getEntry("enrolment") },
  { method: "DELETE", path: "/v1/enrolment-tokens/:id",               ...WORKS,         body: NONE,          handle: removeEntry("enrolment") },
  { method: "POST",   path: "/v1/enrolment-tokens/:id/revoke",        ...WORKS,         body: NONE,          handle: revokeEntry("enrolment") },
  // The pass of a page's visitor, or the enrolment token of a machine, is in the body.
  { method: "POST",   path: "/v1/enrol",                              ...VISITS,        body: ENROLMENT,     handle: enrol },
  { method: "GET",    path: "/v1/connect",                            ...SOCKET,        body: UPGRADE,       handle: connectClient },
  { method: "POST",   path: "/v1/poll",                               ...POLLS,         body: POLL,          handle: pollClient },

  { method: "GET",    path: "/v1/clients/:id",                        ...READS,         body: NONE,          handle: getClient },
  { method: "PATCH",  path: "/v1/clients/:id",                        ...WORKS,         body: SMALL,         handle: updateClient },
  { method: "DELETE", path: "/v1/clients/:id",                        ...WORKS,         body: NONE,          handle: removeClient },
  { method: "POST",   path: "/v1/clients/:id/revoke",                 ...WORKS,         body: NONE,          handle: revokeClient },
  { method: "POST",   path: "/v1/clients/:id/rotate",                 ...WORKS,         body: SMALL_OR_NONE, handle: rotateClient },

  { method: "POST",   path: "/v1/clients/:id/tasks",                  ...WORKS,         body: TASKS,         handle: scheduleTasks },
  { method: "GET",    path: "/v1/clients/:id/tasks",                  ...READS,         body: NONE,          handle: listTasks },
  { method: "GET",    path: "/v1/clients/:id/tasks/:task",            ...READS,         body: NONE,          handle: getTask },
  { method: "GET",    path: "/v1/clients/:id/tasks/:task/rows",       ...READS,         body: NONE,          handle: listRows },
  { method: "POST",   path: "/v1/clients/:id/tasks/:task/cancel",     ...WORKS,         body: NONE,          handle: cancelTask },
  { method: "POST",   path: "/v1/clients/:id/tasks/:task/retry",      ...WORKS,         body: NONE,          handle: retryTask },
];

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
