import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Front, NOW, startFront } from "../../workers/front-fixture.ts";
import { openSite, type TestSite } from "../site-fixture.ts";
import { answerOf, type FieldValues, postFields } from "./calls.ts";

const PATH = "/recaptcha/api/siteverify";

let site: TestSite;
let front: Front;
beforeAll(async () => {
  site = await openSite();
});
beforeEach(() => {
  front = startFront();
});

const ask = (fields: FieldValues) => postFields(front, PATH, { secret: site.secret, ...fields });

describe("reCAPTCHA's siteverify", () => {
  it("answers with the score, the action and the time of the load, in whole seconds", async () => {
    const loadedAtMs = Date.parse("2026-11-23T00:00:00.789Z");
    const response = site.pass({ action: "login", score: 0.9, loadedAtMs });
    expect(await ask({ response })).toEqual({
      success: true,
      challenge_ts: "2026-11-23T00:00:00Z",
      hostname: "www.example.com",
      score: 0.9,
      action: "login",
      "error-codes": [],
    });
  });

  it("names no action where the page named none", async () => {
    expect(await ask({ response: site.pass() })).not.toHaveProperty("action");
  });

  it("has a code for every refusal", async () => {
    const used = site.pass();
    await ask({ response: used });
    const expired = site.pass({ solvedAtMs: NOW - 300_000 });
    const cases: readonly (readonly [FieldValues, string])[] = [
      [{ secret: "" }, "missing-input-secret"],
      [{ secret: "wrong", response: "x" }, "invalid-input-secret"],
      [{}, "missing-input-response"],
      [{ response: "forged" }, "invalid-input-response"],
      [{ response: await (await openSite()).pass() }, "invalid-input-response"],
      [{ response: expired }, "timeout-or-duplicate"],
      [{ response: used }, "timeout-or-duplicate"],
    ];
    for (const [fields, code] of cases) {
      expect(await ask(fields)).toEqual({ success: false, "error-codes": [code] });
    }
    const headers = { "content-type": "application/json" };
    const broken = await front.call(PATH, { method: "POST", headers, body: "{" });
    expect(await answerOf(broken)).toEqual({ success: false, "error-codes": ["bad-request"] });
  });
});
