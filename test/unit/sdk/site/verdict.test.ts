import { describe, expect, it } from "vitest";
import { judge, NO_VERDICT } from "../../../../packages/sdk/src/site/verdict.ts";

const SUCCESS = {
  success: true,
  challenge_ts: "2026-11-23T00:00:01.000Z",
  hostname: "www.example.com",
  action: "login",
  cdata: "",
  score: 0.7,
  "error-codes": [],
};

describe("an answer of siteverify", () => {
  it("that is a success lets the visitor through, with what the pass says", () => {
    expect(judge(SUCCESS, {})).toEqual({
      accepted: true,
      because: "pass",
      pass: {
        hostname: "www.example.com",
        action: "login",
        cdata: null,
        score: 0.7,
        solvedAt: "2026-11-23T00:00:01.000Z",
      },
    });
  });

  it.each([
    ["of another action", { action: "signup" }, "other_action"],
    ["of another hostname", { hostnames: ["shop.example.com"] }, "other_hostname"],
    ["with a lower score", { minimumScore: 0.8 }, "low_score"],
  ])("%s does not", (_, expected, because) => {
    expect(judge(SUCCESS, expected)).toEqual({ accepted: false, because, codes: [] });
  });

  it("that meets every expectation does", () => {
    const expected = { action: "login", hostnames: ["www.example.com"], minimumScore: 0.7 };
    expect(judge(SUCCESS, expected)).toMatchObject({ accepted: true });
  });

  it("without a score does not, where one is asked for", () => {
    const { score: _, ...without } = SUCCESS;
    expect(judge(without, { minimumScore: 0.1 })).toMatchObject({ because: "low_score" });
  });

  it.each([
    ["timeout-or-duplicate", "refused"],
    ["invalid-input-response", "refused"],
    ["invalid-input-secret", "misconfigured"],
  ])("with %s is %s", (code, because) => {
    const answer = { success: false, "error-codes": [code] };
    expect(judge(answer, {})).toEqual({ accepted: false, because, codes: [code] });
  });

  it("of an outage is no verdict", () => {
    expect(judge({ success: false, "error-codes": ["internal-error"] }, {})).toBe(NO_VERDICT);
  });

  it.each([{}, { success: "true" }, { success: 1 }, { "error-codes": "none" }])(
    "that says nothing plain is a refusal: %j",
    (answer) => {
      expect(judge(answer, {})).toEqual({ accepted: false, because: "refused", codes: [] });
    },
  );
});
