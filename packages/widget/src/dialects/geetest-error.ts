import type { Fault } from "../service/faults.ts";

/** What GeeTest's `onError` is given. */
export interface GeetestError {
  readonly code: string;
  readonly msg: string;
  readonly desc: { readonly detail: string };
}

const CODES: { readonly [Each in Fault]: string } = {
  invalid_sitekey: "60001",
  unknown_sitekey: "60001",
  wrong_hostname: "60500",
  invalid_action: "60001",
  invalid_cdata: "60001",
  unavailable: "60100",
  limited: "60500",
  refused: "60101",
  closed: "60101",
  unsupported: "60204",
};

const MESSAGES: { readonly [code: string]: string } = {
  "60001": "captcha_id error",
  "60002": "appendTo error",
  "60100": "load error",
  "60101": "verify error",
  "60204": "js error",
  "60500": "forbidden",
};

/** GeeTest's client code of a fault, or of a mistake it has a code of its own for. */
export function geetestError(cause: Fault | "60002"): GeetestError {
  const code = cause === "60002" ? cause : CODES[cause];
  return { code, msg: MESSAGES[code] ?? "", desc: { detail: cause } };
}
