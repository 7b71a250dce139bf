import { type CallFault, type Dialect, isoTime } from "./dialect.ts";
import { redeemFields } from "./redeem-fields.ts";

/** https://developers.google.com/recaptcha/docs/verify#error_code_reference; of outages it knows none. */
const CODES: { readonly [Fault in CallFault]: string } = {
  missing_secret: "missing-input-secret",
  invalid_secret: "invalid-input-secret",
  suspended: "invalid-input-secret",
  missing_pass: "missing-input-response",
  forged_pass: "invalid-input-response",
  wrong_site: "invalid-input-response",
  invalid_sitekey: "bad-request",
  sitekey_mismatch: "invalid-input-response",
  expired: "timeout-or-duplicate",
  used: "timeout-or-duplicate",
  test_secret: "invalid-input-response",
  test_pass: "invalid-input-response",
  limited: "internal-error",
  unavailable: "internal-error",
  malformed: "bad-request",
};

/** Google reCAPTCHA's siteverify, of v2 and of v3: the answer has the score, and the action if there is one. */
export const RECAPTCHA: Dialect = {
  redeem: (context, fields) =>
    redeemFields(context, { secret: fields.get("secret"), pass: fields.get("response") }),
  accept: ({ loadedAtMs, hostname, score, action }) => ({
    success: true,
    challenge_ts: wholeSeconds(loadedAtMs),
    hostname,
    score,
    ...(action !== null && { action }),
    "error-codes": [],
  }),
  refuse: (because) => ({ success: false, "error-codes": [CODES[because]] }),
};

/** `yyyy-MM-dd'T'HH:mm:ssZZ` in UTC. */
function wholeSeconds(timeMs: number): string {
  return `${isoTime(timeMs).slice(0, 19)}Z`;
}
