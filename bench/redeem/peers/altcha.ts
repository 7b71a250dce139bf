import { CappedMap, createChallenge, solveChallenge, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/sha";
import type { Peer } from "./plan.ts";

const ALGORITHM = "SHA-256";
const SECRETS = { hmacSignatureSecret: "bench", hmacKeySignatureSecret: "bench of keys" };
const LIFETIME_MS = 600_000;

/** ALTCHA with solved challenges that cost next to nothing, and a map in memory of those it has seen. */
export async function startAltcha(count: number): Promise<Peer> {
  const tokens: string[] = [];
  while (tokens.length < count) {
    const expiresAt = new Date(Date.now() + LIFETIME_MS);
    const made = { algorithm: ALGORITHM, cost: 1, counter: 1, deriveKey, expiresAt, ...SECRETS };
    const challenge = await createChallenge(made);
    const solution = await solveChallenge({ challenge, deriveKey });
    tokens.push(Buffer.from(JSON.stringify({ challenge, solution })).toString("base64"));
  }
  const seen = new CappedMap<string, true>({ maxSize: 10 * count });
  const redeem = async (token: string) => {
    const payload = JSON.parse(Buffer.from(token, "base64").toString());
    const { verified } = await verifySolution({ ...payload, deriveKey, ...SECRETS });
    return verified && seen.setIfAbsent(payload.challenge.signature, true);
  };
  return { tokens, redeem };
}
