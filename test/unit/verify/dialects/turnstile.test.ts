import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Front, NOW, startFront } from "../../workers/front-fixture.ts";
import { openSite, type TestSite } from "../site-fixture.ts";
import { answerOf, type FieldValues, postFields } from "./calls.ts";

const PATH = "/turnstile/v0/siteverify";

let site: TestSite;
let front: Front;
beforeAll(async () => {
  site = await openSite();
});
beforeEach(() => {
  front = startFront();
});

const refusal = (...codes: string[]) => ({ success: false, "error-codes": codes });

async function ask(fields: FieldValues, path = PATH) {
  return postFields(front, path, { secret: site.secret, ...fields });
}

describe("Turnstile's siteverify", () => {
  it("answers with everything that the page and the visitor put into the pass", async () => {
    const response = site.pass({
      hostname: "shop.example",
      action: "login",
      cdata: "session-7",
      interaction: "checkbox",
    });
    expect(await ask({ response, remoteip: "203.0.113.7" })).toEqual({
      success: true,
      challenge_ts: new Date(NOW - 1_000).toISOString(),
      hostname: "shop.example",
      "error-codes": [],
      action: "login",
      cdata: "session-7",
      metadata: { interactive: true },
    });
  });

  it("has empty texts where the page named nothing", async () => {
    const answer = await ask({ response: site.pass({ interaction: "none" }) });
    expect(answer).toMatchObject({ action: "", cdata: "", metadata: { interactive: false } });
  });

  it.each(["", "undefined", "2001:db8::7", "203.0.113.7, 10.0.0.1", "not an address"])(
    "does not mind the remoteip %j, nor fields that it does not know",
    async (remoteip) => {
      const response = site.pass();
      expect(await ask({ response, remoteip, more: "x", sitekey: "y" })).toMatchObject({
        success: true,
      });
    },
  );

  it("has a code for every refusal", async () => {
    const used = site.pass();
    await ask({ response: used });
    const expired = site.pass({ solvedAtMs: NOW - 300_000 });
    const foreign = await (await openSite()).pass();
    const rotated = site.mintSecret();
    const cases: readonly (readonly [FieldValues, string])[] = [
      [{ secret: "", response: "x" }, "missing-input-secret"],
      [{ secret: "wrong", response: "x" }, "invalid-input-secret"],
      [{ secret: rotated, response: site.pass() }, "invalid-input-secret"],
      [{ response: "" }, "missing-input-response"],
      [{ response: "forged" }, "invalid-input-response"],
      [{ response: "x".repeat(5_000) }, "invalid-input-response"],
      [{ response: foreign }, "invalid-input-response"],
      [{ response: expired }, "timeout-or-duplicate"],
      [{ response: used }, "timeout-or-duplicate"],
    ];
    for (const [fields, code] of cases) expect(await ask(fields)).toEqual(refusal(code));
  });

  it.each([
    ["no JSON", "application/json", "{"],
    ["a list", "application/json", "[]"],
    ["nested too deeply", "application/json", `{"a":${"[".repeat(99)}${"]".repeat(99)}}`],
    ["a broken multipart", "multipart/form-data; boundary=x", "--y"],
    ["a multipart without its boundary", "multipart/form-data", "--y"],
    ["a picture", "image/png", "PNG"],
    ["XML", "application/xml", "<a/>"],
    ["more than it may", "application/x-www-form-urlencoded", "x".repeat(20_000)],
  ])("calls %s a bad request", async (_, type, body) => {
    const headers = { "content-type": type };
    const response = await front.call(PATH, { method: "POST", headers, body });
    expect(await answerOf(response)).toEqual(refusal("bad-request"));
  });

  it("calls a body that is not UTF-8, or compressed, or an address that is too long a bad request", async () => {
    const headers = { "content-type": "application/json" };
    const calls = [
      front.call(PATH, { method: "POST", headers, body: Uint8Array.of(0xff, 0xfe) }),
      front.call(PATH, { method: "POST", headers: { "content-encoding": "gzip" }, body: "{}" }),
      front.call(`${PATH}?response=${"x".repeat(5_000)}`, { method: "POST" }),
    ];
    for (const call of calls) expect(await answerOf(await call)).toEqual(refusal("bad-request"));
  });

  it("takes the body before the query", async () => {
    const response = site.pass();
    const path = `${PATH}?secret=x&response=y`;
    expect(await ask({ response }, path)).toMatchObject({ success: true });
  });

  it("says when to try again, where that may help", async () => {
    const response = site.pass();
    const body = JSON.stringify({ secret: site.secret, response });
    const headers = { "content-type": "application/json" };
    front.ledger.isDown = true;
    const down = await front.call(PATH, { method: "POST", headers, body });
    expect(down.headers.get("retry-after")).toBe("2");
    expect(await answerOf(down)).toEqual(refusal("internal-error"));
    front = startFront({ exhausted: ["SITE_LIMIT"] });
    const limited = await front.call(PATH, { method: "POST", headers, body });
    expect(limited.headers.get("retry-after")).toBe("60");
    expect(await answerOf(limited)).toEqual(refusal("internal-error"));
  });

  it("has no failure of ours shown as anything else, and logs it", async () => {
    front = startFront({ keyRing: "malformed" });
    const response = site.pass();
    expect(await ask({ response })).toEqual(refusal("internal-error"));
    expect(front.log).toHaveLength(1);
    expect(front.log[0]).not.toContain(site.secret);
  });

  it("counts forgeries against an address, and calls of a site against none", async () => {
    await ask({ response: site.pass() });
    expect(front.limited).toEqual([`SITE_LIMIT ${site.id}`]);
    front = startFront({ exhausted: ["ADDRESS_LIMIT"] });
    expect(await ask({ response: "forged" })).toEqual(refusal("internal-error"));
    expect(await ask({ response: site.pass() })).toMatchObject({ success: true });
  });
});

describe("our own siteverify", () => {
  it("is Turnstile's, and says what the score found", async () => {
    const response = site.pass({ score: 0.4, reasons: ["straight"], action: "login" });
    expect(await ask({ response }, "/siteverify")).toMatchObject({
      success: true,
      action: "login",
      score: 0.4,
      reasons: ["straight"],
    });
  });
});

describe("a pass spent in one dialect", () => {
  it("is spent in all of them", async () => {
    const response = site.pass();
    await ask({ response });
    for (const path of ["/siteverify", "/recaptcha/api/siteverify", "/hcaptcha/siteverify"]) {
      expect(await ask({ response }, path)).toMatchObject({ success: false });
    }
  });
});
