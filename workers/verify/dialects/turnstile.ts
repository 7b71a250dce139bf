import { type CallFault, type Dialect, isoTime } from "./dialect.ts";
import { redeemFields } from "./redeem-fields.ts";

/** https://developers.cloudflare.com/turnstile/get-started/server-side-validation/#error-codes */
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
  test_secret: "invalid-input-secret",
  test_pass: "invalid-input-response",
  limited: "internal-error",
  unavailable: "internal-error",
  malformed: "bad-request",
};

/** Cloudflare Turnstile's siteverify. */
export const TURNSTILE: Dialect = {
  redeem: (context, fields) =>
    redeemFields(context, {
      secret: fields.get("secret"),
      pass: fields.get("response"),
      idempotencyKey: fields.get("idempotency_key"),
    }),
  accept: ({ solvedAtMs, hostname, action, cdata, interaction }) => ({
    success: true,
    challenge_ts: isoTime(solvedAtMs),
    hostname,
    "error-codes": [],
    action: action ?? "",
    cdata: cdata ?? "",
    metadata: { interactive: interaction !== "none" },
  }),
  refuse: (because) => ({ success: false, "error-codes": [CODES[because]] }),
};

/** Our own: Turnstile's, and what the score says. */
export const SLUICE: Dialect = {
  ...TURNSTILE,
  accept: (pass) => ({ ...TURNSTILE.accept(pass), score: pass.score, reasons: pass.reasons }),
};
