import type { AccountId } from "@sluice/protocol";
import { keyRing } from "../../../workers/front/authenticate.ts";
import { encodeHex } from "../../../workers/keys/bytes.ts";
import { cryptoRandomBytes } from "../../../workers/keys/index.ts";
import { mintPass, type Pass } from "../../../workers/verify/pass.ts";
import { aPass } from "../../builders/passes.ts";
import type { RealFront } from "./real-front.ts";

/** A site of an account of its own, with what its owner was shown. */
export interface RealSite {
  readonly account: AccountId;
  readonly adminKey: string;
  readonly id: string;
  readonly sitekey: string;
  readonly secret: string;
  /** A pass that a visitor of this site has just received. */
  pass(fields?: Partial<Pass>): string;
}

/** Opens an account and a site in it, as their owners do. */
export async function openRealSite(front: RealFront, fields: object = {}): Promise<RealSite> {
  const { id: account, adminKey } = await front.openAccount("shop");
  const owner = account as AccountId;
  const site = { name: "shop", hostnames: ["shop.example"], ...fields };
  const { id, sitekey, secret } = await front.ask(adminKey, "POST", "/v1/sites", site);
  const ring = keyRing(front.context);
  const pass = (overrides: Partial<Pass> = {}) => {
    const now = front.context.now();
    const made = { account: owner, siteId: id, loadedAtMs: now - 2_000, solvedAtMs: now };
    const named = { id: encodeHex(cryptoRandomBytes(16)), hostname: "shop.example" };
    return mintPass(ring, aPass({ ...made, ...named, ...overrides }), cryptoRandomBytes);
  };
  return { account: owner, adminKey, id, sitekey, secret, pass };
}
