import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PAGES } from "../../scripts/demo-site/pages.ts";
import { type DemoServer, serveDemo } from "../../scripts/demo-site/server.ts";
import { demoKeys } from "../../scripts/demo-site/sites.ts";
import { type Running, runSluice } from "../harness/running.ts";
import { launchChromium, ordinaryUserAgent } from "./chromium.ts";
import { keyTo, placeOfGap } from "./puzzle.ts";
import { Visitor } from "./visitor.ts";

let running: Running;
let browser: Browser;
let demo: DemoServer;
let folder: string;
beforeAll(async () => {
  [running, browser, folder] = await Promise.all([
    runSluice(),
    launchChromium(),
    mkdtemp(join(tmpdir(), "sluice-demo-site-")),
  ]);
  const { operatorKey, service } = running;
  const path = join(folder, "demo-sites.json");
  const keys = await demoKeys(service.url, operatorKey, path);
  expect(await demoKeys(service.url, operatorKey, path)).toEqual(keys);
  demo = await serveDemo({ service: service.url, keys, operatorKey, port: 0 });
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  await running?.service.stop();
  await rm(folder, { recursive: true, force: true });
});

async function open(path: string): Promise<Visitor> {
  const userAgent = await ordinaryUserAgent(browser);
  const visitor = new Visitor(await browser.newPage({ userAgent, locale: "en-GB" }));
  await visitor.page.goto(demo.url + path);
  return visitor;
}

const verdictIn = async (visitor: Visitor) => {
  await visitor.find("heading", "What the site's server is told");
  return JSON.parse((await visitor.page.textContent("pre")) ?? "");
};

test("the first page leads to every other", async () => {
  const visitor = await open("/");
  for (const { title } of DEMO_PAGES) await visitor.find("link", new RegExp(`^${title}`));
  await visitor.leave();
});

describe("a form of the demonstration", () => {
  const ticked = DEMO_PAGES.filter(({ site, verify }) => site === "managed" && verify !== null);

  test.each(ticked.map(({ path }) => path))(
    "%s is sent with a pass that its server redeems",
    async (path) => {
      const visitor = await open(path);
      await visitor.click("checkbox", "I am human");
      await visitor.find("checkbox", "Verified");
      await visitor.click("button", "Send");
      expect(await verdictIn(visitor)).toMatchObject({ success: true, hostname: "localhost" });
      expect(visitor.complaints).toEqual([]);
      await visitor.leave();
    },
  );

  test("/geetest is validated with a signature", async () => {
    const visitor = await open("/geetest");
    await visitor.click("checkbox", "I am human");
    await visitor.find("slider");
    await keyTo(visitor, await placeOfGap(visitor));
    await visitor.find("checkbox", "Verified");
    await visitor.click("button", "Send");
    expect(await verdictIn(visitor)).toMatchObject({ status: "success", result: "success" });
    await visitor.leave();
  });

  test("that is sent without a pass is told so", async () => {
    const visitor = await open("/managed");
    await visitor.click("button", "Send");
    expect(await verdictIn(visitor)).toMatchObject({
      success: false,
      "error-codes": ["missing-input-response"],
    });
    await visitor.leave();
  });
});

test("a verified browser becomes a client and does a task", async () => {
  const visitor = await open("/socket");
  await visitor.click("checkbox", "I am human");
  await visitor.find("StaticText", /^the operator got \[\{"width":\d+,"height":\d+\}\]$/);
  expect(visitor.complaints).toEqual([]);
  await visitor.leave();
});

test("a page may send its pass as JSON, and reads why it is refused", async () => {
  const visitor = await open("/socket");
  const answer = await visitor.page.evaluate(async (url) => {
    const sent = { method: "POST", headers: { "content-type": "application/json" } };
    const response = await fetch(`${url}/v1/enrol`, { ...sent, body: `{"pass":"sp_none"}` });
    return { status: response.status, ...(await response.json()) };
  }, running.service.url);
  expect(answer).toMatchObject({ status: 401, code: "invalid_key" });
  await visitor.leave();
});
