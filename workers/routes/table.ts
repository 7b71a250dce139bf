import { LIMITS, VERIFY_LIMITS } from "@sluice/protocol";
import type { Route } from "../front/route.ts";
import type { BodyRule } from "../front/screen.ts";
import { GEETEST } from "../verify/dialects/geetest.ts";
import { HCAPTCHA } from "../verify/dialects/hcaptcha.ts";
import { RECAPTCHA } from "../verify/dialects/recaptcha.ts";
import { SLUICE, TURNSTILE } from "../verify/dialects/turnstile.ts";
import { closeAccount } from "./accounts/close-account.ts";
import { getAccount } from "./accounts/get-account.ts";
import { issueAccountKey } from "./accounts/issue-account-key.ts";
import { listAccounts } from "./accounts/list-accounts.ts";
import { openAccount } from "./accounts/open-account.ts";
import { updateAccount } from "./accounts/update-account.ts";
import { getClient } from "./clients/get-client.ts";
import { removeClient } from "./clients/remove-client.ts";
import { revokeClient } from "./clients/revoke-client.ts";
import { rotateClient } from "./clients/rotate-client.ts";
import { updateClient } from "./clients/update-client.ts";
import { enrol } from "./enrolment/enrol.ts";
import { mintEnrolmentToken } from "./enrolment/mint-enrolment-token.ts";
import { answerHealth } from "./healthz.ts";
import { createKey } from "./keys/create-key.ts";
import { rotateKey } from "./keys/rotate-key.ts";
import { listAudit } from "./list-audit.ts";
import { getEntry } from "./registry/get-entry.ts";
import { listEntries } from "./registry/list-entries.ts";
import { removeEntry } from "./registry/remove-entry.ts";
import { revokeEntry } from "./registry/revoke-entry.ts";
import { createSite } from "./sites/create-site.ts";
import { eraseTracks } from "./sites/erase-tracks.ts";
import { listTracks } from "./sites/list-tracks.ts";
import { rotateSite } from "./sites/rotate-site.ts";
import { updateSite } from "./sites/update-site.ts";
import { speaking } from "./siteverify/siteverify.ts";
import { connectClient } from "./socket/connect-client.ts";
import { pollClient } from "./socket/poll-client.ts";
import { cancelTask } from "./tasks/cancel-task.ts";
import { getTask } from "./tasks/get-task.ts";
import { listRows } from "./tasks/list-rows.ts";
import { listTasks } from "./tasks/list-tasks.ts";
import { retryTask } from "./tasks/retry-task.ts";
import { NDJSON, scheduleTasks } from "./tasks/schedule-tasks.ts";
import { requestChallenge } from "./verify/request-challenge.ts";
import { serveWidget } from "./verify/serve-widget.ts";
import { solveChallenge } from "./verify/solve-challenge.ts";

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
  { method: "GET",    path: "/recaptcha/api/siteverify",              ...BY_SERVERS,    body: NONE,          ...speaking(RECAPTCHA) },
  { method: "POST",   path: "/recaptcha/api/siteverify",              ...BY_SERVERS,    body: FIELDS,        ...speaking(RECAPTCHA) },
  { method: "GET",    path: "/hcaptcha/siteverify",                   ...BY_SERVERS,    body: NONE,          ...speaking(HCAPTCHA) },
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
