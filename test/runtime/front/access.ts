import { ROUTES } from "../../../workers/routes/table.ts";

/** Who calls. The first ten are callers whose keys are in force. */
export const CALLERS = [
  "nobody",
  "a forged key",
  "a viewer key",
  "an operator key",
  "an admin key",
  "another account's admin key",
  "an enrolment token",
  "a client token",
  "a site secret",
  "the platform's admin",
  "a revoked key",
  "a deleted key",
  "a key of a suspended account",
  "a key of a closed account",
] as const;
export type Caller = (typeof CALLERS)[number];

/** `in`: let in; `elsewhere`: let in, but what is another account's is not found (404) or not shown. */
export type Verdict = "in" | "elsewhere" | 401 | 403;

/** Who may call what. Read a column down to see what one kind of key opens. */
const NOBODY_BUT = {
  nobody: 401,
  "a forged key": 401,
  "a viewer key": 401,
  "an operator key": 401,
  "an admin key": 401,
  "another account's admin key": 401,
  "an enrolment token": 401,
  "a client token": 401,
  "a site secret": 401,
  "the platform's admin": 401,
  "a revoked key": 401,
  "a deleted key": 401,
  "a key of a suspended account": 401,
  "a key of a closed account": 401,
} as const satisfies Record<Caller, Verdict>;

const KEYS_OF_THE_ACCOUNT = {
  ...NOBODY_BUT,
  "an admin key": "in",
  "another account's admin key": "elsewhere",
  "a revoked key": 403,
  "a key of a suspended account": 403,
} as const;

export const VERDICTS = {
  anyone: Object.fromEntries(CALLERS.map((caller) => [caller, "in"])) as Record<Caller, Verdict>,
  platform: { ...NOBODY_BUT, "the platform's admin": "in" },
  client: { ...NOBODY_BUT, "a client token": "in" },
  viewer: { ...KEYS_OF_THE_ACCOUNT, "a viewer key": "in", "an operator key": "in" },
  operator: { ...KEYS_OF_THE_ACCOUNT, "a viewer key": 403, "an operator key": "in" },
  admin: { ...KEYS_OF_THE_ACCOUNT, "a viewer key": 403, "an operator key": 403 },
} as const satisfies Record<string, Record<Caller, Verdict>>;

export type Access = keyof typeof VERDICTS;

const TASKS = { tasks: [{ kind: "test.noop" }] };
const SITE = { name: "site", hostnames: ["shop.example"] };

/** Every route: whom it is for, and a body that it takes. */
export const ACCESS: { readonly [route: string]: readonly [Access, object?] } = {
  "GET /healthz": ["anyone"],
  "POST /v1/accounts": ["platform", { name: "opened" }],
  "GET /v1/accounts": ["platform"],
  "GET /v1/accounts/:id": ["platform"],
  "PATCH /v1/accounts/:id": ["platform", { suspended: true }],
  "DELETE /v1/accounts/:id": ["platform"],
  "POST /v1/accounts/:id/keys": ["platform", {}],
  "POST /v1/keys": ["admin", { label: "made" }],
  "GET /v1/keys": ["viewer"],
  "GET /v1/keys/:id": ["viewer"],
  "DELETE /v1/keys/:id": ["admin"],
  "POST /v1/keys/:id/rotate": ["admin", {}],
  "POST /v1/keys/:id/revoke": ["admin"],
  "POST /v1/sites": ["admin", SITE],
  "GET /v1/sites": ["viewer"],
  "GET /v1/sites/:sitekey": ["viewer"],
  "PATCH /v1/sites/:sitekey": ["admin", { threshold: 0.9 }],
  "DELETE /v1/sites/:sitekey": ["admin"],
  "POST /v1/sites/:sitekey/rotate": ["admin", {}],
  "GET /v1/sites/:sitekey/tracks": ["admin"],
  "DELETE /v1/sites/:sitekey/tracks": ["admin"],
  "GET /v1/audit": ["viewer"],
  "POST /v1/enrolment-tokens": ["operator", {}],
  "GET /v1/enrolment-tokens": ["viewer"],
  "GET /v1/enrolment-tokens/:id": ["viewer"],
  "DELETE /v1/enrolment-tokens/:id": ["operator"],
  "POST /v1/enrolment-tokens/:id/revoke": ["operator"],
  // Whoever calls, the enrolment token in the body decides; the test puts one there.
  "POST /v1/enrol": ["anyone", { name: "machine" }],
  "GET /v1/connect": ["client"],
  "POST /v1/poll": ["client", { waitMs: 0 }],
  "GET /v1/clients/:id": ["viewer"],
  "PATCH /v1/clients/:id": ["operator", { paused: true }],
  "DELETE /v1/clients/:id": ["operator"],
  "POST /v1/clients/:id/revoke": ["operator"],
  "POST /v1/clients/:id/rotate": ["operator", {}],
  "POST /v1/clients/:id/tasks": ["operator", TASKS],
  "GET /v1/clients/:id/tasks": ["viewer"],
  "GET /v1/clients/:id/tasks/:task": ["viewer"],
  "GET /v1/clients/:id/tasks/:task/rows": ["viewer"],
  "POST /v1/clients/:id/tasks/:task/cancel": ["operator"],
  "POST /v1/clients/:id/tasks/:task/retry": ["operator"],
  // The secret among the fields decides, and a refusal is an answer with 200.
  "GET /v1/verify/api.js": ["anyone"],
  "GET /turnstile/v0/api.js": ["anyone"],
  "GET /recaptcha/api.js": ["anyone"],
  "GET /recaptcha/enterprise.js": ["anyone"],
  "GET /1/api.js": ["anyone"],
  "GET /v4/gt4.js": ["anyone"],
  "POST /siteverify": ["anyone", { secret: "none", response: "none" }],
  "POST /turnstile/v0/siteverify": ["anyone", { secret: "none", response: "none" }],
  "GET /recaptcha/api/siteverify": ["anyone"],
  "POST /recaptcha/api/siteverify": ["anyone", { secret: "none", response: "none" }],
  "GET /hcaptcha/siteverify": ["anyone"],
  "POST /hcaptcha/siteverify": ["anyone", { secret: "none", response: "none" }],
  "GET /validate": ["anyone"],
  "POST /validate": ["anyone", { captcha_id: "none" }],
  // The sitekey, or the sealed challenge, decides; the test puts the account's sitekey there.
  "POST /v1/verify/challenge": ["anyone", {}],
  "POST /v1/verify/solve": ["anyone", { challenge: "sc_none", pow: [] }],
};

/** The routes that there are, as the table names them. */
export const ROUTE_NAMES = ROUTES.map(({ method, path }) => `${method} ${path}`);
