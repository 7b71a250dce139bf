import { type Dialect, isoTime } from "./dialect.ts";
import { refusingBy } from "./error-codes.ts";
import { redeemFields } from "./redeem-fields.ts";

/**
 * https://docs.hcaptcha.com/#siteverify-error-codes-table. Where a code was split in two, the older one comes
 * along, so that clients of either age find theirs.
 */
const OWN_CODES = {
  wrong_site: ["sitekey-secret-mismatch"],
  invalid_sitekey: ["invalid-sitekey"],
  sitekey_mismatch: ["sitekey-secret-mismatch"],
  expired: ["invalid-or-already-seen-response", "expired-input-response"],
  used: ["invalid-or-already-seen-response", "already-seen-response"],
  test_secret: ["not-using-dummy-passcode"],
  test_pass: ["not-using-dummy-secret"],
} as const;
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
  refuse: refusingBy(OWN_CODES),
};
