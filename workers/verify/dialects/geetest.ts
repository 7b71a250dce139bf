import type { SecretHash } from "../../../durable-objects/registry/rpc.ts";
import { keyRing } from "../../front/authenticate.ts";
import type { RequestContext } from "../../front/request-context.ts";
import { isSignedWith } from "../../keys/index.ts";
import { openPass } from "../pass.ts";
import { genuineKey, redeemAt } from "../redeem-pass.ts";
import { refused } from "../redemption.ts";
import type { CallFault, Dialect, PassContent, Verification } from "./dialect.ts";
import type { Fields } from "./read-fields.ts";

/** What only this dialect finds wrong. */
type GeetestFault =
  | "missing_sitekey"
  | "invalid_gen_time"
  | "missing_lot"
  | "invalid_lot"
  /** The lot is not that of the pass, or its signature is not of the site's secret. */
  | "lot_mismatch"
  /** The site's secret is from before its signatures could be checked. */
  | "no_signing_state";

type Fault = CallFault | GeetestFault;
/** A pass that is refused is an answer like any other; a call that cannot be served is an error. */
type Refusal = { readonly reason: string } | { readonly code: number; readonly msg: string };

const LOT = /^[0-9a-f]{32}$/;
const DIGITS = /^\d+$/;
const MISMATCH = { code: 50304, msg: "lot_number not match" };
const NO_PASS = { reason: "pass_token error" };
const SPENT = { reason: "pass_token expire" };
const RUN_TIME = { code: 50000, msg: "run-time error" };

/** https://docs.geetest.com/BehaviorVerification/apirefer/errorcode, where the numbers stand without a sign. */
const REFUSALS: { readonly [Each in Fault]: Refusal } = {
  missing_sitekey: { code: 50101, msg: "captcha_id is missing" },
  invalid_sitekey: { code: 50102, msg: "illegal captcha_id" },
  // The key is genuine, and leads to nothing any more.
  invalid_secret: { code: 50104, msg: "captcha_id deleted" },
  suspended: { code: 50105, msg: "captcha_id paused" },
  no_signing_state: { code: 50103, msg: "rotate the site's secret once to use signatures" },
  invalid_gen_time: { code: 50005, msg: "illegal gen_time" },
  missing_lot: { code: 50302, msg: "lot_number is missing" },
  invalid_lot: { code: 50303, msg: "illegal lot_number" },
  lot_mismatch: MISMATCH,
  missing_secret: MISMATCH,
  sitekey_mismatch: MISMATCH,
  wrong_site: MISMATCH,
  missing_pass: NO_PASS,
  forged_pass: NO_PASS,
  test_secret: NO_PASS,
  test_pass: NO_PASS,
  expired: SPENT,
  used: SPENT,
  malformed: { code: 50002, msg: "the parameters cannot be read" },
  limited: RUN_TIME,
  unavailable: RUN_TIME,
};

/** GeeTest v4's validate: the caller proves by a signature of the lot that it holds the site's secret. */
export const GEETEST: Dialect<GeetestFault> = {
  redeem: async (context, fields) => {
    const fault = faultOfShape(fields);
    return fault === null ? redeemLot(context, fields) : refused(fault);
  },
  accept: (pass) => ({
    status: "success",
    result: "success",
    reason: "",
    captcha_args: captchaArgs(pass),
  }),
  refuse: (because) => {
    const refusal = REFUSALS[because];
    if ("reason" in refusal) {
      return { status: "success", result: "fail", reason: refusal.reason, captcha_args: {} };
    }
    const { code, msg } = refusal;
    return { status: "error", code: `-${code}`, msg, desc: { type: "defined error" } };
  },
};

function faultOfShape(fields: Fields): GeetestFault | null {
  if (fields.get("captcha_id") === "") return "missing_sitekey";
  if (!DIGITS.test(fields.get("gen_time"))) return "invalid_gen_time";
  if (fields.get("lot_number") === "") return "missing_lot";
  return LOT.test(fields.get("lot_number")) ? null : "invalid_lot";
}

async function redeemLot(
  context: RequestContext,
  fields: Fields,
): Promise<Verification<GeetestFault>> {
  const ring = keyRing(context);
  const key = genuineKey(ring, "site", fields.get("captcha_id"));
  if (key === null) return refused("invalid_sitekey");
  if (fields.get("pass_token") === "") return refused("missing_pass");
  const pass = openPass(ring, fields.get("pass_token"));
  if (!pass.ok) return refused("forged_pass");
  const lot = fields.get("lot_number");
  if (pass.value.id !== lot) return refused("lot_mismatch");
  return redeemAt<GeetestFault>(context, ring, {
    key,
    pass: pass.value,
    sitekey: "",
    idempotencyKey: "",
    doubt: ({ secrets }, now) => doubtOf(secrets, lot, fields.get("sign_token"), now),
  });
}

/** Whether a secret that opens now signed the lot. Takes the same time whichever it is, if any. */
function doubtOf(
  secrets: readonly SecretHash[],
  lot: string,
  signature: string,
  now: number,
): GeetestFault | null {
  let isKnown = false;
  let isSigned = false;
  for (const { signing, untilMs } of secrets) {
    if (signing === undefined || (untilMs !== null && now >= untilMs)) continue;
    isKnown = true;
    isSigned = isSignedWith(signing, lot, signature) || isSigned;
  }
  if (isSigned) return null;
  return isKnown ? "lot_mismatch" : "no_signing_state";
}

/** What is told of a visitor; the address is not kept, so there is none to tell. */
function captchaArgs({ interaction, id, action, hostname }: PassContent): object {
  return {
    used_type: interaction === "slider" ? "slide" : "ai",
    user_ip: "",
    lot_number: id,
    scene: action ?? "",
    referer: hostname,
  };
}
