import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { startFront } from "./front-fixture.ts";

const PATHS = [
  "/v1/verify/api.js",
  "/turnstile/v0/api.js",
  "/recaptcha/api.js",
  "/recaptcha/enterprise.js",
  "/1/api.js",
  "/v4/gt4.js",
];
/** What a page pays for the widget, slider included. */
const MAX_GZIPPED = 25 * 1024;

const ask = (path = PATHS[0] ?? "", headers: Record<string, string> = {}) =>
  startFront().call(path, { headers });

describe("the widget's script", () => {
  it.each(PATHS)("is served at %s, to pages of every origin", async (path) => {
    const response = await ask(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(await response.text()).toContain("/v1/verify/challenge");
  });

  it("takes less than 25 KB on its way", async () => {
    const source = await (await ask()).text();
    expect(gzipSync(source, { level: 9 }).length).toBeLessThan(MAX_GZIPPED);
  });

  it("is kept by browsers for a while and then asked for by its tag", async () => {
    const { headers } = await ask();
    expect(headers.get("cache-control")).toMatch(/^public, max-age=\d+/);
    const tag = headers.get("etag") ?? "";
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const again = await ask(PATHS[0], { "if-none-match": known });
      expect([again.status, await again.text()]).toEqual([304, ""]);
    }
    expect((await ask(PATHS[0], { "if-none-match": '"other"' })).status).toBe(200);
  });

  it("holds no address of anyone else, and nothing that a strict policy forbids", async () => {
    const source = await (await ask()).text();
    const addresses = source.match(/https?:\/\/[a-z0-9.-]+/gi) ?? [];
    expect(new Set(addresses)).toEqual(new Set(["http://www.w3.org"]));
    expect(source).not.toMatch(/\beval\(|new Function\(|innerHTML|cssText|setAttribute\("style"/);
  });
});
