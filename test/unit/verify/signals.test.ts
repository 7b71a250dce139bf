import { describe, expect, it } from "vitest";
import { readSignals, weighSignals } from "../../../workers/verify/signals.ts";
import { BROWSER_HEADERS } from "../../builders/visitor.ts";

const CALM = { network: 1, site: 1 };
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

function weighed(
  headers: Record<string, string | undefined> = {},
  { automated = false, url = "https://sluice.example", pressure = CALM } = {},
) {
  const sent = Object.entries({ ...BROWSER_HEADERS, ...headers }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return weighSignals(readSignals({ url, headers: new Headers(sent) }, automated), pressure);
}

const NO_FETCH = {
  "sec-fetch-site": undefined,
  "sec-fetch-mode": undefined,
  "sec-fetch-dest": undefined,
};

describe("a request's signals", () => {
  it("leave a browser's page all of its value", () => {
    expect(weighed()).toEqual({ value: 1, reasons: [] });
    expect(weighed({ "user-agent": FIREFOX, "sec-fetch-site": "same-origin" }).value).toBe(1);
  });

  it.each<[string, string, Record<string, string | undefined>]>([
    ["no user agent", "no_user_agent", { "user-agent": undefined }],
    ["an empty user agent", "no_user_agent", { "user-agent": "" }],
    ["a program's user agent", "program_agent", { "user-agent": "curl/8.5.0" }],
    ["no language", "no_language", { "accept-language": undefined }],
    ["a navigation", "not_from_a_page", { "sec-fetch-mode": "navigate" }],
    ["an address that was typed", "not_from_a_page", { "sec-fetch-site": "none" }],
    ["a picture", "not_from_a_page", { "sec-fetch-dest": "image" }],
    ["a browser that has forgotten how to fetch", "not_from_a_page", NO_FETCH],
    [
      "a browser without a window",
      "automated",
      { "user-agent": `${BROWSER_HEADERS["user-agent"]} HeadlessChrome/142` },
    ],
  ])("doubt %s", (_, reason, headers) => {
    const { value, reasons } = weighed(headers);
    expect(reasons).toEqual([reason]);
    expect(value).toBeLessThan(1);
    expect(value).toBeGreaterThan(0);
  });

  it("doubt a browser that says it is driven", () => {
    expect(weighed({}, { automated: true })).toEqual({ value: 0.3, reasons: ["automated"] });
  });

  it("do not ask for headers that no browser sends over plain HTTP, or that an old one does not know", () => {
    expect(weighed(NO_FETCH, { url: "http://127.0.0.1:8787" }).reasons).toEqual([]);
    const old = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/13.1 Safari/605.1.15";
    expect(weighed({ ...NO_FETCH, "user-agent": old }).reasons).toEqual([]);
  });

  it("doubt a network that asks for far more than one visitor would, and not one that is an office", () => {
    expect(weighed({}, { pressure: { network: 4, site: 4 } }).reasons).toEqual([]);
    expect(weighed({}, { pressure: { network: 5, site: 1 } }).reasons).toEqual(["busy_network"]);
  });

  it("add up, the heaviest first", () => {
    const { value, reasons } = weighed(
      { "accept-language": undefined, "user-agent": undefined },
      { automated: true },
    );
    expect(reasons).toEqual(["automated", "no_user_agent", "no_language"]);
    expect(value).toBeCloseTo(0.3 * 0.4 * 0.7);
  });
});
