import type { CallFault } from "./dialect.ts";

/** What a vendor's answer says of each fault. */
type Codes = { readonly [Fault in CallFault]: readonly string[] };

/** What the vendors have in common, who all began with reCAPTCHA's codes. Turnstile's alone has one for an outage. */
const COMMON: Codes = {
  missing_secret: ["missing-input-secret"],
  invalid_secret: ["invalid-input-secret"],
  suspended: ["invalid-input-secret"],
  missing_pass: ["missing-input-response"],
  forged_pass: ["invalid-input-response"],
  wrong_site: ["invalid-input-response"],
  invalid_sitekey: ["bad-request"],
  sitekey_mismatch: ["invalid-input-response"],
  expired: ["timeout-or-duplicate"],
  used: ["timeout-or-duplicate"],
  test_secret: ["invalid-input-response"],
  test_pass: ["invalid-input-response"],
  limited: ["internal-error"],
  unavailable: ["internal-error"],
  malformed: ["bad-request"],
};

/** A refusal in `error-codes`: a vendor's own codes where it has some, and else those of all. */
export function refusingBy(own: Partial<Codes>): (because: CallFault) => object {
  const codes = { ...COMMON, ...own };
  return (because) => ({ success: false, "error-codes": codes[because] });
}
