import type { Interaction } from "@sluice/protocol";
import { type RedemptionFault, refused } from "../redemption.ts";
import type { PassContent, Verification } from "./dialect.ts";

/**
 * The keys that vendors publish for tests, so that a page and a server under test need no account. They are
 * answered without a look-up, and open nothing that is real: a test secret takes test passes alone, and no
 * real secret takes one.
 */

const DUMMY_TOKEN = "XXXX.DUMMY.TOKEN.XXXX";
const RECAPTCHA_SITEKEY = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI";
const HCAPTCHA_SECRET = `0x${"0".repeat(40)}`;

/** What a test sitekey has the widget do. */
export interface TestSite {
  /** What is asked first: a click, or nothing of a visitor, who sees no box then; null shows the verdict at once. */
  readonly interaction: Extract<Interaction, "none" | "checkbox"> | null;
  /** The test pass that it gives; null where it refuses every visitor. */
  readonly pass: string | null;
}

const hcaptcha = (digit: number) => `${digit}0000000-aaaa-bbbb-cccc-00000000000${digit}`;

const TEST_SITES: ReadonlyMap<string, TestSite> = new Map<string, TestSite>([
  // Turnstile: passes and fails, visibly and not, and one that asks.
  ["1x00000000000000000000AA", { interaction: null, pass: DUMMY_TOKEN }],
  ["2x00000000000000000000AB", { interaction: null, pass: null }],
  ["1x00000000000000000000BB", { interaction: "none", pass: DUMMY_TOKEN }],
  ["2x00000000000000000000BB", { interaction: "none", pass: null }],
  ["3x00000000000000000000FF", { interaction: "checkbox", pass: DUMMY_TOKEN }],
  // hCaptcha: publisher; enterprise, a safe visitor; enterprise, a bot.
  ["10000000-ffff-ffff-ffff-000000000001", { interaction: "checkbox", pass: hcaptcha(1) }],
  ["20000000-ffff-ffff-ffff-000000000002", { interaction: "checkbox", pass: hcaptcha(2) }],
  ["30000000-ffff-ffff-ffff-000000000003", { interaction: "checkbox", pass: hcaptcha(3) }],
  // reCAPTCHA v2, whose server takes any token.
  [RECAPTCHA_SITEKEY, { interaction: "checkbox", pass: DUMMY_TOKEN }],
]);
const TEST_PASSES: ReadonlySet<string | null> = new Set(
  [...TEST_SITES.values()].map(({ pass }) => pass),
);

/** What a sitekey does that a vendor publishes for tests; null for every other. */
export function testSite(sitekey: string): TestSite | null {
  return TEST_SITES.get(sitekey) ?? null;
}

/** A real pass is longer, and to look for it among these would cost the hash of all its characters. */
const LONGEST_TEST_PASS = Math.max(...[...TEST_PASSES].map((pass) => pass?.length ?? 0));

type TestVerifier = (pass: string, sitekey: string, now: number) => Verification;

const TEST_SECRETS: ReadonlyMap<string, TestVerifier> = new Map<string, TestVerifier>([
  ["1x0000000000000000000000000000000AA", turnstile(null)],
  ["2x0000000000000000000000000000000AA", turnstile("forged_pass")],
  ["3x0000000000000000000000000000000AA", turnstile("used")],
  [
    "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe",
    (_pass, _sitekey, now) => accepted({ hostname: "testkey.google.com", score: 1 }, now),
  ],
  [HCAPTCHA_SECRET, verifyHcaptcha],
]);

/**
 * What a call with a test secret, or with a test pass, comes to, in any dialect; null for a call with
 * neither.
 */
export function redeemTest(
  { secret, pass, sitekey = "" }: { secret: string; pass: string; sitekey?: string },
  now: number,
): Verification | null {
  const verify = TEST_SECRETS.get(secret);
  if (verify === undefined) return isTestPass(pass) ? refusedTestPass(secret) : null;
  return pass === "" ? refused("missing_pass") : verify(pass, sitekey, now);
}

function isTestPass(pass: string): boolean {
  return pass.length <= LONGEST_TEST_PASS && TEST_PASSES.has(pass);
}

function refusedTestPass(secret: string): Verification {
  return refused(secret === "" ? "missing_secret" : "test_pass");
}

function turnstile(fault: RedemptionFault | null): TestVerifier {
  return (pass, _sitekey, now) => {
    if (pass !== DUMMY_TOKEN) return refused("test_secret");
    return fault === null ? accepted({ hostname: "example.com", score: 1 }, now) : refused(fault);
  };
}

/** The pass of the bot is a pass as well: its score is what a site is to act on. */
function verifyHcaptcha(pass: string, sitekey: string, now: number): Verification {
  const digit = [1, 2, 3].find((candidate) => pass === hcaptcha(candidate));
  if (digit === undefined) return refused("test_secret");
  if (sitekey !== "" && TEST_SITES.get(sitekey)?.pass !== pass) return refused("sitekey_mismatch");
  return accepted({ hostname: "dummy-key-pass", score: digit === 3 ? 0 : 1 }, now);
}

function accepted(says: Pick<PassContent, "hostname" | "score">, now: number): Verification {
  const pass: PassContent = {
    id: "0".repeat(32),
    action: null,
    cdata: null,
    reasons: [],
    interaction: "none",
    loadedAtMs: now,
    solvedAtMs: now,
    ...says,
  };
  return { kind: "accepted", pass };
}
