import { type AccountId, solveProofOfWork } from "@sluice/protocol";
import { keyRing } from "../../test/builders/keys.ts";
import { aChallenge, aPass } from "../../test/builders/passes.ts";
import { APPROACH, BROWSER_HEADERS } from "../../test/builders/visitor.ts";
import type { Running } from "../../test/harness/running.ts";
import { encodeHex } from "../../workers/keys/bytes.ts";
import { cryptoRandomBytes, FIRST_ACCOUNT, formatAccountId } from "../../workers/keys/index.ts";
import { sealChallenge } from "../../workers/verify/challenge.ts";
import { mintPass } from "../../workers/verify/pass.ts";

const ACCOUNT: AccountId = formatAccountId(FIRST_ACCOUNT);
const ID_BYTES = 16;
const HOSTNAME = "shop.example";
const SEED_BYTES = 16;
/** As many puzzles as a visitor gets, which is what checking costs, and next to no work in each. */
const PUZZLES = 16;
const BITS = 1;
/** Ago: a solution must not come too early. */
const LOADED_MS = 5_000;

/** What a visitor's browser says of itself and of its page. */
export const VISITOR_HEADERS = BROWSER_HEADERS;

/** A site of a running service, with what its server holds. */
export interface BenchSite {
  readonly id: string;
  readonly sitekey: string;
  readonly secret: string;
}

/** Opens a site as its owner does. */
export async function openSite({ service, operatorKey }: Running): Promise<BenchSite> {
  const response = await fetch(`${service.url}/v1/sites`, {
    method: "POST",
    headers: { authorization: `Bearer ${operatorKey}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "bench", hostnames: [HOSTNAME] }),
  });
  if (response.status !== 201) throw new Error(`the site was refused: ${await response.text()}`);
  return response.json();
}

/** So many passes of a site that were solved just now, as the solve call would give them. */
export async function passesOf(site: BenchSite, count: number): Promise<string[]> {
  const ring = keyRing();
  const now = Date.now();
  const passes: string[] = [];
  while (passes.length < count) {
    const id = encodeHex(cryptoRandomBytes(ID_BYTES));
    const times = { loadedAtMs: now - 2_000, solvedAtMs: now };
    const pass = aPass({ id, account: ACCOUNT, siteId: site.id, hostname: HOSTNAME, ...times });
    passes.push(mintPass(ring, pass, cryptoRandomBytes));
  }
  return passes;
}

/** Bodies of so many solve calls, each with a challenge of its own that is solved. */
export async function solutionsOf(site: BenchSite, count: number): Promise<string[]> {
  const ring = keyRing();
  const solutions: string[] = [];
  while (solutions.length < count) {
    const seed = cryptoRandomBytes(SEED_BYTES);
    const challenge = sealChallenge(
      ring,
      aChallenge({
        id: encodeHex(cryptoRandomBytes(ID_BYTES)),
        account: ACCOUNT,
        siteId: site.id,
        hostname: HOSTNAME,
        issuedAtMs: Date.now() - LOADED_MS,
        interaction: "checkbox",
        seed: Buffer.from(seed).toString("base64url"),
        puzzles: PUZZLES,
        bits: BITS,
      }),
      cryptoRandomBytes,
    );
    const pow = solveProofOfWork(seed, PUZZLES, BITS);
    solutions.push(JSON.stringify({ challenge, pow, answer: null, track: APPROACH }));
  }
  return solutions;
}
