import { type Dialect, isoTime } from "./dialect.ts";
import { refusingBy } from "./error-codes.ts";
import { redeemFields } from "./redeem-fields.ts";

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
  // https://developers.cloudflare.com/turnstile/get-started/server-side-validation/#error-codes
  refuse: refusingBy({ test_secret: ["invalid-input-secret"] }),
};

/** Our own: Turnstile's, and what the score says. */
export const SLUICE: Dialect = {
  ...TURNSTILE,
  accept: (pass) => ({ ...TURNSTILE.accept(pass), score: pass.score, reasons: pass.reasons }),
};
