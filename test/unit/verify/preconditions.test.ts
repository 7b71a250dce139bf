import { CHALLENGE_LIFETIME_MS, solveProofOfWork } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { MINIMUM_MS } from "../../../workers/verify/interaction.ts";
import { failedPrecondition } from "../../../workers/verify/preconditions.ts";
import { aChallenge } from "../../builders/passes.ts";

const challenge = aChallenge();
const seed = Uint8Array.from(Buffer.from(challenge.seed, "base64url"));
const pow = solveProofOfWork(seed, challenge.puzzles, challenge.bits);
const at = (ms: number) => challenge.issuedAtMs + ms;
const check = (fields: { pow?: number[]; hostname?: string | null; atMs?: number } = {}) => {
  const { atMs = MINIMUM_MS.none, hostname = challenge.hostname } = fields;
  return failedPrecondition(challenge, { pow: fields.pow ?? pow }, hostname, at(atMs));
};

describe("before a solution is judged", () => {
  it("nothing speaks against one that is in time, from the page, and worked for", () => {
    expect(check()).toBeNull();
    expect(check({ atMs: CHALLENGE_LIFETIME_MS - 1 })).toBeNull();
  });

  it("it has expired at the very millisecond", () => {
    expect(check({ atMs: CHALLENGE_LIFETIME_MS })).toBe("expired");
  });

  it("it must come from the page that asked", () => {
    expect(check({ hostname: "evil.example" })).toBe("hostname");
    expect(check({ hostname: null })).toBe("hostname");
  });

  it.each([
    ["none", []],
    ["too few puzzles", pow.slice(1)],
    ["too many puzzles", [...pow, 0]],
    ["another nonce", [pow[0] ?? 0, (pow[1] ?? 0) + 1]],
    ["its puzzles in another order", pow.toReversed()],
  ])("its work is that of the seal: not %s", (_, nonces) => {
    expect(check({ pow: nonces })).toBe("work");
  });

  it("it may not come too early, by this clock", () => {
    expect(check({ atMs: MINIMUM_MS.none - 1 })).toBe("too_early");
    expect(check({ atMs: -60_000 })).toBe("too_early");
  });

  it("says the first that is wrong, in the order of what it costs", () => {
    const wrong = { pow: [], hostname: null };
    expect(check({ ...wrong, atMs: CHALLENGE_LIFETIME_MS })).toBe("expired");
    expect(check({ ...wrong, atMs: 0 })).toBe("hostname");
    expect(check({ pow: [], atMs: 0 })).toBe("work");
  });
});
