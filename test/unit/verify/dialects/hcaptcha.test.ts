import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Front, NOW, startFront } from "../../workers/front-fixture.ts";
import { openSite, type TestSite } from "../site-fixture.ts";
import { type FieldValues, postFields } from "./calls.ts";

const PATH = "/hcaptcha/siteverify";

let site: TestSite;
let front: Front;
beforeAll(async () => {
  site = await openSite();
});
beforeEach(() => {
  front = startFront();
});

const ask = (fields: FieldValues) => postFields(front, PATH, { secret: site.secret, ...fields });

describe("hCaptcha's siteverify", () => {
  it("answers with a score that grows with the risk", async () => {
    const response = site.pass({ score: 0.9, reasons: ["too_even"] });
    expect(await ask({ response, sitekey: site.sitekey })).toEqual({
      success: true,
      challenge_ts: new Date(NOW - 1_000).toISOString(),
      hostname: "www.example.com",
      credit: false,
      "error-codes": [],
      score: 0.1,
      score_reason: ["too_even"],
    });
  });

  it("has a code for every refusal, and the older one of a pair comes along", async () => {
    const used = site.pass();
    await ask({ response: used });
    const expired = site.pass({ solvedAtMs: NOW - 300_000 });
    const neighbour = await openSite();
    const response = site.pass();
    const cases: readonly (readonly [FieldValues, ...string[]])[] = [
      [{ secret: "" }, "missing-input-secret"],
      [{ secret: "wrong", response }, "invalid-input-secret"],
      [{}, "missing-input-response"],
      [{ response: "forged" }, "invalid-input-response"],
      [{ response: await neighbour.pass() }, "sitekey-secret-mismatch"],
      [{ response, sitekey: neighbour.sitekey }, "sitekey-secret-mismatch"],
      [{ response, sitekey: "wrong" }, "invalid-sitekey"],
      [{ response: expired }, "invalid-or-already-seen-response", "expired-input-response"],
      [{ response: used }, "invalid-or-already-seen-response", "already-seen-response"],
    ];
    for (const [fields, ...codes] of cases) {
      expect(await ask(fields)).toEqual({ success: false, "error-codes": codes });
    }
    expect(await ask({ response })).toMatchObject({ success: true });
  });
});
