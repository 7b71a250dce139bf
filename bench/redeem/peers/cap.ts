import { createHash, randomBytes } from "node:crypto";
import Cap from "@cap.js/server";
import type { Peer } from "./plan.ts";

const LIFETIME_MS = 600_000;

/** Cap with its state in memory, holding tokens as after so many solved challenges. */
export async function startCap(count: number): Promise<Peer> {
  const tokensList: Record<string, number> = {};
  const tokens = Array.from({ length: count }, () => {
    const [id, secret] = [randomBytes(8).toString("hex"), randomBytes(15).toString("hex")];
    const hash = createHash("sha256").update(secret).digest("hex");
    tokensList[`${id}:${hash}`] = Date.now() + LIFETIME_MS;
    return `${id}:${secret}`;
  });
  const state = { challengesList: {}, tokensList };
  const cap = new Cap({ noFSState: true, disableAutoCleanup: true, state });
  return { tokens, redeem: async (token) => (await cap.validateToken(token)).success };
}
