/** Stable codes of `application/problem+json` answers (RFC 9457), with the status each has. */
export const PROBLEMS = {
  bad_request: 400,
  invalid_json: 400,
  invalid_task: 400,
  invalid_cursor: 400,
  missing_key: 401,
  invalid_key: 401,
  forbidden: 403,
  wrong_hostname: 403,
  revoked: 403,
  account_suspended: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  quota_exceeded: 409,
  body_too_large: 413,
  queue_bytes_exceeded: 413,
  uri_too_long: 414,
  unsupported_media_type: 415,
  upgrade_required: 426,
  rate_limited: 429,
  queue_full: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** Body of every refusal. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly requestId: string;
}
