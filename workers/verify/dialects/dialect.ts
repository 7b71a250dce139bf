import type { Pass } from "../pass.ts";
import type { RedeemRequest } from "../redeem-pass.ts";
import type { RedemptionFault } from "../redemption.ts";
import type { Fields } from "./read-fields.ts";

/** Why a call ends in a refusal: what the redemption says, or that the call could not be read. */
export type CallFault = RedemptionFault | "malformed";

/** How one vendor's siteverify is asked and answers. */
export interface Dialect {
  /** What a call says, by the vendor's names of the fields. */
  read(fields: Fields): RedeemRequest;
  /** The answer about a pass that was redeemed. */
  accept(pass: Pass): object;
  refuse(because: CallFault): object;
}
