import { type Dialect, isoTime } from "./dialect.ts";
import { refusingBy } from "./error-codes.ts";
import { redeemFields } from "./redeem-fields.ts";

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
  // https://developers.google.com/recaptcha/docs/verify#error_code_reference
  refuse: refusingBy({}),
};

/** `yyyy-MM-dd'T'HH:mm:ssZZ` in UTC. */
function wholeSeconds(timeMs: number): string {
  return `${isoTime(timeMs).slice(0, 19)}Z`;
}
