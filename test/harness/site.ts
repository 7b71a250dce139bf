import type { AccountId } from "@sluice/protocol";
import { cryptoRandomBytes } from "../../workers/keys/index.ts";
import { mintPass, type Pass } from "../../workers/verify/pass.ts";
import { keyRing } from "../builders/keys.ts";
import { aPass } from "../builders/passes.ts";
import type { Running } from "./running.ts";

/** A site of a running service, as its owner and its visitors know it. */
export interface RunningSite {
  readonly sitekey: string;
  readonly secret: string;
  /** A pass as a visitor has just received it, and its id. */
  pass(fields?: Partial<Pass>): Promise<{ readonly pass: string; readonly id: string }>;
}

/** Opens a site in the service's first account; passes are sealed with the ring that the service has. */
export async function openSite({ service, operatorKey }: Running): Promise<RunningSite> {
  const response = await fetch(`${service.url}/v1/sites`, {
    method: "POST",
    headers: { authorization: `Bearer ${operatorKey}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "shop", hostnames: ["shop.example"] }),
  });
  const {
    id: siteId,
    sitekey,
    secret,
  }: Record<"id" | "sitekey" | "secret", string> = await response.json();
  const ring = keyRing();
  const account = "ac_0000000000000" as AccountId;
  return {
    sitekey,
    secret,
    pass: async (fields = {}) => {
      const id = Buffer.from(cryptoRandomBytes(16)).toString("hex");
      const now = Date.now();
      const made = { id, account, siteId, loadedAtMs: now - 2_000, solvedAtMs: now };
      const content = aPass({ ...made, hostname: "shop.example", ...fields });
      return { id, pass: mintPass(ring, content, cryptoRandomBytes) };
    },
  };
}
