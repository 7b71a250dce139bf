/** For a web site's server: redeeming passes. */
export { SluiceError } from "../operator/sluice-error.ts";
export {
  createSiteVerifier,
  type SiteVerifier,
  type SiteVerifierOptions,
} from "./site-verifier.ts";
export type { Expectation, Redeemed, Refusal, Verdict } from "./verdict.ts";
