import { type CallFault, type Dialect, isoTime } from "./dialect.ts";
import { redeemFields } from "./redeem-fields.ts";

/**
 * https://docs.hcaptcha.com/#siteverify-error-codes-table; of outages it knows none. Where a code was split
 * in two, the older one comes along, so that clients of either age find theirs.
 */
const CODES: { readonly [Fault in CallFault]: readonly string[] } = {
  missing_secret: ["missing-input-secret"],
  invalid_secret: ["invalid-input-secret"],
  suspended: ["invalid-input-secret"],
  missing_pass: ["missing-input-response"],
  forged_pass: ["invalid-input-response"],
  wrong_site: ["sitekey-secret-mismatch"],
  invalid_sitekey: ["invalid-sitekey"],
  sitekey_mismatch: ["sitekey-secret-mismatch"],
  expired: ["invalid-or-already-seen-response", "expired-input-response"],
  used: ["invalid-or-already-seen-response", "already-seen-response"],
  test_secret: ["not-using-dummy-passcode"],
  test_pass: ["not-using-dummy-secret"],
  limited: ["internal-error"],
  unavailable: ["internal-error"],
  malformed: ["bad-request"],
};
const DECIMALS = 1e4;

/** hCaptcha's siteverify. Its score grows with the risk: 0 is a person, 1 a script. */
export const HCAPTCHA: Dialect = {
  redeem: (context, fields) =>
    redeemFields(context, {
      secret: fields.get("secret"),
      pass: fields.get("response"),
      sitekey: fields.get("sitekey"),
    }),
  accept: ({ solvedAtMs, hostname, score, reasons }) => ({
    success: true,
    challenge_ts: isoTime(solvedAtMs),
    hostname,
    credit: false,
    "error-codes": [],
    score: Math.round((1 - score) * DECIMALS) / DECIMALS,
    score_reason: reasons,
  }),
  refuse: (because) => ({ success: false, "error-codes": CODES[because] }),
};
