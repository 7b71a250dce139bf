import type { RequestContext } from "../../front/request-context.ts";
import { type RedeemRequest, redeemPass } from "../redeem-pass.ts";
import type { Verification } from "./dialect.ts";
import { redeemTest } from "./test-keys.ts";

/** What a site's server asks with its secret, of real keys and of the vendors' test keys. */
export async function redeemFields(
  context: RequestContext,
  request: RedeemRequest,
): Promise<Verification> {
  return redeemTest(request, context.now()) ?? redeemPass(context, request);
}
