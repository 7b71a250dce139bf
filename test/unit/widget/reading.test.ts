import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { languageTagOf } from "../../../packages/widget/src/dialects/geetest-language.ts";
import { chooseTexts } from "../../../packages/widget/src/languages/choose-texts.ts";
import { readOptions } from "../../../packages/widget/src/options/read-options.ts";
import { readScriptAddress } from "../../../packages/widget/src/page/script-address.ts";
import { faultOf } from "../../../packages/widget/src/service/check-question.ts";
import { readAsked, readJudged } from "../../../packages/widget/src/service/read-answers.ts";
import { readRefusal } from "../../../packages/widget/src/service/read-refusal.ts";
import { challenge, PASSED } from "./builders.ts";

const HOST = "https://sluice.example";
const none = () => undefined;

describe("the address of the script", () => {
  it("says where the service is and whose interface is wanted", () => {
    expect(readScriptAddress(`${HOST}/v1/verify/api.js`)).toEqual({
      service: HOST,
      compat: "sluice",
      implicit: true,
      sitekey: null,
      onload: null,
      language: null,
      replacesRecaptcha: true,
    });
  });

  it.each([
    ["/v1/verify/api.js?compat=turnstile", "turnstile"],
    ["/turnstile/v0/api.js", "turnstile"],
    ["/recaptcha/api.js", "recaptcha"],
    ["/recaptcha/enterprise.js", "recaptcha"],
    ["/1/api.js", "hcaptcha"],
    ["/v4/gt4.js", "geetest"],
    ["/1/api.js?compat=geetest", "geetest"],
    ["/v1/verify/api.js?compat=friendly", "sluice"],
  ])("%s has the interface of %s", (path, compat) => {
    expect(readScriptAddress(HOST + path)).toMatchObject({ service: HOST, compat });
  });

  it("is read where a wrapper appended its parameters clumsily", () => {
    const src = `${HOST}/v1/verify/api.js?compat=hcaptcha?onload=cb&render=explicit&hl=zh&recaptchacompat=off#x`;
    expect(readScriptAddress(src)).toMatchObject({
      compat: "hcaptcha",
      onload: "cb",
      implicit: false,
      sitekey: null,
      language: "zh",
      replacesRecaptcha: false,
    });
  });

  it("may have a path before it, and a sitekey as reCAPTCHA v3 has it", () => {
    expect(readScriptAddress(`${HOST}/a/b/recaptcha/api.js?render=KEY`)).toMatchObject({
      service: `${HOST}/a/b`,
      sitekey: "KEY",
      implicit: false,
    });
  });

  it("of another file is taken for one at the service's root", () => {
    expect(readScriptAddress(`${HOST}/assets/verify.js`).service).toBe(HOST);
    expect(readScriptAddress("").service).toBe("");
  });
});

describe("the options of a widget", () => {
  it("have usual values", () => {
    expect(readOptions({ sitekey: "s" }, none)).toEqual({
      sitekey: "s",
      action: null,
      cdata: null,
      theme: "auto",
      size: "normal",
      language: null,
      appearance: "always",
      execution: "render",
      retry: "auto",
      retryIntervalMs: 8_000,
      refreshExpired: "auto",
      refreshTimeout: "auto",
      responseField: true,
      responseFieldName: null,
      tabindex: 0,
      callbacks: {},
    });
  });

  it.each([
    { "refresh-expired": "manual", cData: "c", "retry-interval": 5_000, "response-field": false },
    { refreshExpired: "manual", cdata: "c", retryInterval: "5000", responseField: "false" },
  ])("may be written with hyphens, in camel case, and as text", (given) => {
    expect(readOptions(given, none)).toMatchObject({
      refreshExpired: "manual",
      cdata: "c",
      retryIntervalMs: 5_000,
      responseField: false,
    });
  });

  it("that are none of an option's words count as not given", () => {
    const wrong = { theme: { palette: {} }, size: "huge", tabindex: "x", retry: null, action: 7 };
    expect(readOptions(wrong, none)).toMatchObject({
      theme: "auto",
      size: "normal",
      tabindex: 0,
      retry: "auto",
      action: null,
    });
  });

  it("bound the interval between retries", () => {
    const interval = (given: unknown) =>
      readOptions({ "retry-interval": given }, none).retryIntervalMs;
    expect([interval(0), interval(1e9), interval(-5)]).toEqual([1_000, 900_000, 1_000]);
  });

  it("find a callback by its name when it is called, not before", () => {
    const functions = new Map<string, unknown>();
    const { callbacks } = readOptions({ callback: "later" }, (name) => functions.get(name));
    expect(callbacks.callback?.("sp")).toBeUndefined();
    functions.set("later", (pass: string) => `got ${pass}`);
    expect(callbacks.callback?.("sp")).toBe("got sp");
  });

  it("never throw, whatever a page passes", () => {
    fc.assert(fc.property(fc.object(), (given) => void readOptions(given, none)));
  });
});

describe("an answer of the service", () => {
  it("is a challenge, a verdict at once, or a harder challenge", () => {
    const asked = challenge("slider");
    expect(readAsked(asked)).toEqual({ kind: "challenge", challenge: asked });
    expect(readAsked(PASSED)).toEqual({ kind: "passed", passed: PASSED });
    expect(readJudged({ verdict: "retry", challenge: asked })).toEqual({
      kind: "again",
      challenge: asked,
    });
    expect(readJudged({ verdict: "refuse", reason: "score" })).toEqual({
      kind: "refused",
      reason: "score",
    });
  });

  it.each([
    ["a login page", null],
    ["a list", []],
    ["no challenge", {}],
    ["a verdict of another kind", { verdict: "maybe" }],
    ["a seed that is none", { ...challenge(), pow: { seed: "x", puzzles: 1, bits: 1 } }],
    ["more puzzles than there are", { ...challenge(), pow: { ...challenge().pow, puzzles: 1e6 } }],
    [
      "a picture that is no picture",
      { ...challenge("slider"), slider: { ...challenge("slider").slider, mediaType: "text/html" } },
    ],
    ["a life without end", { ...challenge(), expiresInMs: 1e12 }],
  ])("that is %s is none", (_what, answer) => {
    expect(readAsked(answer)).toBeNull();
    expect(readJudged(answer)).toBeNull();
  });

  it.each([
    [403, "wrong_hostname", "wrong_hostname"],
    [401, "invalid_key", "unknown_sitekey"],
    [403, "revoked", "unknown_sitekey"],
    [403, "account_suspended", "unavailable"],
    [429, "rate_limited", "limited"],
    [400, "bad_request", "invalid_sitekey"],
    [503, "unavailable", "unavailable"],
    [502, undefined, "unavailable"],
  ])("that refuses with %d %s means %s", (status, code, fault) => {
    expect(readRefusal(status, new Headers(), { code }).fault).toBe(fault);
  });

  it("says how long to wait, which is bounded", () => {
    const wait = (value: string) =>
      readRefusal(503, new Headers({ "retry-after": value }), null).retryAfterMs;
    expect([wait("7"), wait("999999"), wait("soon"), wait("-1")]).toEqual([7_000, 300_000, 0, 0]);
  });
});

describe("a question", () => {
  const question = { sitekey: "s", action: null, cdata: null, path: "usual" } as const;

  it.each([
    [{}, null],
    [{ action: "log-in_2", cdata: "x".repeat(255) }, null],
    [{ sitekey: "" }, "invalid_sitekey"],
    [{ action: "log in" }, "invalid_action"],
    [{ action: "x".repeat(33) }, "invalid_action"],
    [{ cdata: "ü" }, "invalid_cdata"],
  ] as const)("%j has the fault %s before it is sent", (changes, fault) => {
    expect(faultOf({ ...question, ...changes })).toBe(fault);
  });
});

describe("the language", () => {
  it.each([
    [["zh-CN"], "zh-Hans"],
    [["zh_TW", "en"], "zh-Hans"],
    [["fr-FR", "zh"], "zh-Hans"],
    [["EN-gb"], "en"],
    [["fr"], "en"],
    [[], "en"],
  ])("for %j is %s", (tags, tag) => {
    expect(chooseTexts(tags).tag).toBe(tag);
  });

  it("has every text in every language", () => {
    const names = Object.keys(chooseTexts(["en"]));
    const chinese = chooseTexts(["zh"]);
    expect(Object.keys(chinese)).toEqual(names);
    expect(Object.values(chinese).every((text) => text !== "")).toBe(true);
  });
});

describe("GeeTest's name of a language", () => {
  it.each([
    ["eng", "en"],
    ["zho", "zh"],
    ["zho-tw", "zh"],
    ["zho-hk", "zh"],
    ["fra", "fra"],
    ["zh-CN", "zh-CN"],
    [undefined, "auto"],
  ])("%s means %s", (name, tag) => {
    expect(languageTagOf(name)).toBe(tag);
  });
});
