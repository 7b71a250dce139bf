import type { RequestContext } from "../../front/request-context.ts";
import type { Pass } from "../pass.ts";
import type { RedemptionFault, Refused } from "../redemption.ts";
import type { Fields } from "./read-fields.ts";

/** Why a call ends in a refusal: what the redemption says, or that the call could not be read. */
export type CallFault = RedemptionFault | "malformed";

/** What an answer may tell of a pass; one of a vendor's test passes belongs to no site. */
export type PassContent = Omit<Pass, "account" | "siteId">;

/** What a call in a dialect came to; `Own` are the faults that only this dialect knows. */
export type Verification<Own extends string = never> =
  | { readonly kind: "accepted"; readonly pass: PassContent }
  | Refused<RedemptionFault | Own>;

/** How one vendor's siteverify is asked and answers. */
export interface Dialect<Own extends string = never> {
  /** Redeems the pass that a call names by the vendor's fields. */
  redeem(context: RequestContext, fields: Fields): Promise<Verification<Own>>;
  /** The answer about a pass that was redeemed. */
  accept(pass: PassContent): object;
  refuse(because: CallFault | Own): object;
}

/** A time in milliseconds as ISO 8601, in UTC. */
export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
