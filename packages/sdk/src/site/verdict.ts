import type { JsonObject } from "@sluice/protocol";

/** What the site knows of the form that was sent, to be held against what the pass says. */
export interface Expectation {
  /** The action that the widget on this form names; a pass of another one is refused. */
  readonly action?: string;
  /** Hostnames on which this form stands; a pass of another one is refused. */
  readonly hostnames?: readonly string[];
  /** The least score, from 0 (script) to 1 (person), beyond what the site's own threshold asks. */
  readonly minimumScore?: number;
}

/** What a redeemed pass says. */
export interface Redeemed {
  readonly hostname: string;
  readonly action: string | null;
  readonly cdata: string | null;
  readonly score: number | null;
  /** ISO 8601. */
  readonly solvedAt: string;
}

/** Why a visitor is not let through. `misconfigured`: the secret is wrong, so nobody is. */
export type Refusal =
  | "missing"
  | "refused"
  | "other_action"
  | "other_hostname"
  | "low_score"
  | "misconfigured"
  | "outage";

/** Whether to go on with what a visitor sent. */
export type Verdict =
  | { readonly accepted: true; readonly because: "pass"; readonly pass: Redeemed }
  /** Let through without a pass, within the cap that the site set for outages. */
  | { readonly accepted: true; readonly because: "outage" }
  | {
      readonly accepted: false;
      readonly because: Refusal;
      /** The service's `error-codes`. */
      readonly codes: readonly string[];
    };

/** An answer that is no verdict: the same question may be asked again. */
export const NO_VERDICT = "no verdict";

const WRONG_SECRET = ["missing-input-secret", "invalid-input-secret"];
const OUTAGE = "internal-error";

/** Judges an answer of siteverify. Whatever is not plainly a success is none. */
export function judge(answer: JsonObject, expected: Expectation): Verdict | typeof NO_VERDICT {
  if (answer.success !== true) return judgeRefusal(codesOf(answer));
  const pass = redeemedOf(answer);
  const { action, hostnames, minimumScore } = expected;
  if (action !== undefined && pass.action !== action) return refused("other_action");
  if (hostnames !== undefined && !hostnames.includes(pass.hostname)) {
    return refused("other_hostname");
  }
  if (minimumScore !== undefined && !(pass.score !== null && pass.score >= minimumScore)) {
    return refused("low_score");
  }
  return { accepted: true, because: "pass", pass };
}

/** The refusal of a visitor. */
export function refused(because: Refusal, codes: readonly string[] = []): Verdict {
  return { accepted: false, because, codes };
}

function judgeRefusal(codes: readonly string[]): Verdict | typeof NO_VERDICT {
  if (codes.includes(OUTAGE)) return NO_VERDICT;
  const isOurs = codes.some((code) => WRONG_SECRET.includes(code));
  return refused(isOurs ? "misconfigured" : "refused", codes);
}

function codesOf(answer: JsonObject): readonly string[] {
  const codes = answer["error-codes"];
  return Array.isArray(codes) ? codes.filter((code) => typeof code === "string") : [];
}

function redeemedOf(answer: JsonObject): Redeemed {
  const text = (name: string) => {
    const value = answer[name];
    return typeof value === "string" && value !== "" ? value : null;
  };
  return {
    hostname: text("hostname") ?? "",
    action: text("action"),
    cdata: text("cdata"),
    score: typeof answer.score === "number" ? answer.score : null,
    solvedAt: text("challenge_ts") ?? "",
  };
}
