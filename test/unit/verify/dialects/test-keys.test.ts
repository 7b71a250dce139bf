import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testSite } from "../../../../workers/verify/dialects/test-keys.ts";
import { PublishedRecords } from "../../../builders/published-records.ts";
import { type Front, NOW, startFront } from "../../workers/front-fixture.ts";
import { openSite, type TestSite } from "../site-fixture.ts";
import { type FieldValues, postFields } from "./calls.ts";

const TURNSTILE = "/turnstile/v0/siteverify";
const HCAPTCHA = "/hcaptcha/siteverify";
const RECAPTCHA = "/recaptcha/api/siteverify";
const DUMMY = "XXXX.DUMMY.TOKEN.XXXX";
const HCAPTCHA_SECRET = "0x0000000000000000000000000000000000000000";
const RECAPTCHA_SECRET = "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe";
const turnstileSecret = (digit: number) => `${digit}x0000000000000000000000000000000AA`;
const hcaptchaToken = (digit: number) => `${digit}0000000-aaaa-bbbb-cccc-00000000000${digit}`;
const hcaptchaSitekey = (digit: number) => `${digit}0000000-ffff-ffff-ffff-00000000000${digit}`;

let site: TestSite;
let front: Front;
let records: PublishedRecords;
beforeAll(async () => {
  site = await openSite();
});
beforeEach(() => {
  records = new PublishedRecords();
  front = startFront({ records });
});

const ask = (path: string, fields: FieldValues) => postFields(front, path, fields);
const refusal = (code: string) => ({ success: false, "error-codes": [code] });

describe("Turnstile's test secrets", () => {
  it.each([
    [1, { success: true, hostname: "example.com", "error-codes": [], action: "", cdata: "" }],
    [2, refusal("invalid-input-response")],
    [3, refusal("timeout-or-duplicate")],
  ])("%ix… answers the dummy token as documented, again and again", async (digit, answer) => {
    const fields = { secret: turnstileSecret(digit), response: DUMMY };
    expect(await ask(TURNSTILE, fields)).toMatchObject(answer);
    expect(await ask(TURNSTILE, fields)).toMatchObject(answer);
  });

  it("take the dummy token alone, and real secrets do not take it", async () => {
    const response = site.pass();
    const mixed = { secret: turnstileSecret(1), response };
    expect(await ask(TURNSTILE, mixed)).toEqual(refusal("invalid-input-secret"));
    const dummy = { secret: site.secret, response: DUMMY };
    expect(await ask(TURNSTILE, dummy)).toEqual(refusal("invalid-input-response"));
    expect(await ask(TURNSTILE, { secret: turnstileSecret(1) })).toEqual(
      refusal("missing-input-response"),
    );
    expect(await ask(TURNSTILE, { response: DUMMY })).toEqual(refusal("missing-input-secret"));
  });

  it("are three", async () => {
    for (const secret of [turnstileSecret(4), `${turnstileSecret(1)}A`, "1x00"]) {
      expect(await ask(TURNSTILE, { secret, response: "x" })).toEqual(
        refusal("invalid-input-secret"),
      );
    }
  });
});

describe("hCaptcha's test secret", () => {
  it.each([
    [1, 0],
    [2, 0],
    [3, 1],
  ])("takes test token %i, with the risk %i", async (digit, score) => {
    const fields = { secret: HCAPTCHA_SECRET, response: hcaptchaToken(digit) };
    const answer = { success: true, hostname: "dummy-key-pass", credit: false, score };
    expect(await ask(HCAPTCHA, fields)).toMatchObject(answer);
    expect(await ask(HCAPTCHA, { ...fields, sitekey: hcaptchaSitekey(digit) })).toMatchObject(
      answer,
    );
    expect(await ask(HCAPTCHA, { ...fields, sitekey: site.sitekey })).toEqual(
      refusal("sitekey-secret-mismatch"),
    );
  });

  it("takes no other token, and a real secret no test token", async () => {
    const response = site.pass();
    expect(await ask(HCAPTCHA, { secret: HCAPTCHA_SECRET, response })).toEqual(
      refusal("not-using-dummy-passcode"),
    );
    const dummy = { secret: site.secret, response: hcaptchaToken(1) };
    expect(await ask(HCAPTCHA, dummy)).toEqual(refusal("not-using-dummy-secret"));
  });
});

describe("reCAPTCHA's test secret", () => {
  it("takes any token", async () => {
    const fields = { secret: RECAPTCHA_SECRET, response: "anything" };
    expect(await ask(RECAPTCHA, fields)).toEqual({
      success: true,
      challenge_ts: "2026-11-23T00:00:00Z",
      hostname: "testkey.google.com",
      score: 1,
      "error-codes": [],
    });
    expect(await ask(RECAPTCHA, { secret: RECAPTCHA_SECRET })).toEqual(
      refusal("missing-input-response"),
    );
  });
});

describe("a test key", () => {
  it("is answered without a look-up, a limit or an object", async () => {
    await ask(TURNSTILE, { secret: turnstileSecret(1), response: DUMMY });
    await ask(HCAPTCHA, { secret: HCAPTCHA_SECRET, response: hcaptchaToken(1) });
    await ask(RECAPTCHA, { secret: RECAPTCHA_SECRET, response: "x" });
    await ask(TURNSTILE, { secret: site.secret, response: DUMMY });
    expect(records.reads).toBe(0);
    expect(front.limited).toEqual([]);
    expect(front.ledger.stubs).toBe(0);
  });

  it("spends nothing that is real", async () => {
    front = startFront();
    const response = site.pass();
    await ask(RECAPTCHA, { secret: RECAPTCHA_SECRET, response });
    expect(await ask(RECAPTCHA, { secret: site.secret, response })).toMatchObject({
      success: true,
      challenge_ts: new Date(NOW - 3_000).toISOString().replace(".000", ""),
    });
  });
});

describe("a test sitekey", () => {
  it.each([
    ["1x00000000000000000000AA", null, DUMMY],
    ["2x00000000000000000000AB", null, null],
    ["1x00000000000000000000BB", "none", DUMMY],
    ["2x00000000000000000000BB", "none", null],
    ["3x00000000000000000000FF", "checkbox", DUMMY],
    [hcaptchaSitekey(1), "checkbox", hcaptchaToken(1)],
    [hcaptchaSitekey(2), "checkbox", hcaptchaToken(2)],
    [hcaptchaSitekey(3), "checkbox", hcaptchaToken(3)],
    ["6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI", "checkbox", DUMMY],
  ])("%s has the widget do what its vendor says", (sitekey, interaction, pass) => {
    expect(testSite(sitekey)).toEqual({ interaction, pass });
  });

  it.each(["", "1x00000000000000000000CC", "constructor", "__proto__"])("is not %j", (sitekey) =>
    expect(testSite(sitekey)).toBeNull(),
  );
});
