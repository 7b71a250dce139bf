import type { Refusal } from "../../durable-objects/client/rpc.ts";
import type { Pass } from "./pass.ts";

/** Why a pass was not redeemed. */
export type RedemptionFault =
  | "missing_secret"
  /** Forged, of another kind, replaced, or of a site that is gone. */
  | "invalid_secret"
  | "suspended"
  | "missing_pass"
  | "forged_pass"
  | "wrong_site"
  | "invalid_sitekey"
  | "sitekey_mismatch"
  | "expired"
  | "used"
  /** A test secret, and a pass that is none of its test passes; or the other way round. */
  | "test_secret"
  | "test_pass"
  | "limited"
  /** It is not known whether the pass was used: the same call may be made again. */
  | "unavailable";

export interface Accepted {
  readonly kind: "accepted";
  readonly pass: Pass;
}

export interface Refused<Fault extends string = RedemptionFault> {
  readonly kind: "refused";
  readonly because: Fault;
  /** Where trying again may help. */
  readonly retryAfterSeconds?: number;
}

/** What redeeming a pass came to. `Own` are the faults of one way to ask, beside those of all. */
export type Redemption<Own extends string = never> = Accepted | Refused<RedemptionFault | Own>;

export function refused<Fault extends string>(
  because: Fault,
  retryAfterSeconds?: number,
): Refused<Fault> {
  return {
    kind: "refused",
    because,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

/** A refusal of the front's own checks, in the words of a redemption. */
export function refusedAs({ code, retryAfterSeconds }: Refusal): Refused {
  switch (code) {
    case "rate_limited":
      return refused("limited", retryAfterSeconds);
    case "unavailable":
      return refused("unavailable", retryAfterSeconds);
    case "account_suspended":
      return refused("suspended");
    default:
      return refused("invalid_secret");
  }
}
