import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "./chromium.ts";
import { pause } from "./visitor.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.stop());

const boxOf = (sitekey: string, attributes = "") =>
  `<form><div class="sluice-verify" data-sitekey="${sitekey}" ${attributes}></div></form>`;
const box = (attributes = "") => boxOf(world.sitekeys.managed, attributes);
const script = (query = "") => `<script src="${world.script(query)}" async defer></script>`;

/** Minutes pass in the page, not for the test. */
const LIFE_OF_A_PASS = "05:10";

describe("a page with the widget", () => {
  test("of an invisible site passes with nothing on show", async () => {
    const visitor = await world.visit(boxOf(world.sitekeys.invisible) + script());
    const pass = await visitor.pass();
    expect(await world.siteverify("invisible", pass)).toMatchObject({ success: true });
    expect(await visitor.lacks("checkbox")).toBe(true);
    const height = await visitor.page.evaluate(() => document.querySelector("form")?.offsetHeight);
    expect(height).toBe(0);
    await visitor.leave();
  });

  test("with a strict policy breaks none of it, with a worker from the script or without", async () => {
    const { origin } = new URL(world.script());
    const policy = `default-src 'none'; script-src 'nonce-N0nce' 'strict-dynamic'; connect-src ${origin}`;
    const nonced = `<script nonce="N0nce" src="${world.script()}"></script>`;
    const visitor = await world.visit(boxOf(world.sitekeys.slider) + nonced, {
      headers: { "content-security-policy": `${policy}; worker-src blob:` },
    });
    await visitor.click("checkbox", "I am human");
    await visitor.find("slider");
    await visitor.click("button", "I cannot see the picture");
    expect(await world.siteverify("slider", await visitor.pass())).toMatchObject({ success: true });
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();

    const without = await world.visit(boxOf(world.sitekeys.invisible) + nonced, {
      headers: { "content-security-policy": policy },
    });
    const pass = await without.pass();
    expect(await world.siteverify("invisible", pass)).toMatchObject({ success: true });
    // Chromium itself tells of the worker that the policy turned away; nothing else is.
    expect(without.complaints.filter((complaint) => !complaint.includes("worker"))).toEqual([]);
    await without.leave();
  });

  test("asks nobody but the page's own host and the service", async () => {
    const visitor = await world.visit(boxOf(world.sitekeys.slider) + script());
    await visitor.click("checkbox", "I am human");
    await visitor.find("slider");
    await visitor.click("button", "I cannot see the picture");
    await visitor.pass();
    const hosts = new Set(visitor.requests.map((request) => new URL(request.url()).host));
    hosts.delete("");
    expect(hosts).toEqual(new Set([new URL(world.site.url).host, new URL(world.script()).host]));
    const headers = await Promise.all(visitor.requests.map((request) => request.allHeaders()));
    expect(headers.some((sent) => "cookie" in sent)).toBe(false);
    await visitor.leave();
  });

  test("reaches into no tree of a widget", async () => {
    const visitor = await world.visit(box() + script());
    await visitor.find("checkbox", "I am human");
    const roots = await visitor.page.evaluate(() =>
      [...document.querySelectorAll("[data-sluice]")].map((host) => host.shadowRoot),
    );
    expect(roots).toEqual([null]);
    await visitor.leave();
  });

  test("may have two widgets that know nothing of each other", async () => {
    const second = box(`data-response-field-name="second" data-size="compact"`);
    const visitor = await world.visit(box() + second + script());
    await visitor.find("checkbox", "I am human");
    await visitor.click("checkbox", "I am human");
    const pass = await visitor.pass();
    expect(
      await visitor.page.evaluate(() => {
        return document.querySelector<HTMLInputElement>("[name=second]")?.value;
      }),
    ).toBe("");
    await visitor.find("checkbox", "Verified");
    await visitor.click("checkbox", "I am human");
    expect(await visitor.pass("second")).not.toBe(pass);
    await visitor.leave();
  });

  test("is told when a pass has run out, and the visitor ticks again", async () => {
    const visitor = await world.visit(box(`data-expired-callback="expired"`) + script(), {
      prepare: async (page) => {
        await page.clock.install();
        await page.addInitScript("window.expired = (pass) => { window.ran = pass }");
      },
    });
    await visitor.click("checkbox", "I am human");
    const first = await visitor.pass();
    await visitor.page.clock.fastForward(LIFE_OF_A_PASS);
    await visitor.find("checkbox", "Expired. Please tick again.");
    const state = await visitor.page.evaluate(() => ({
      told: Reflect.get(window, "ran"),
      field: document.querySelector<HTMLInputElement>("[name=sluice-response]")?.value,
      expired: Reflect.get(window, "sluice").isExpired(),
      response: Reflect.get(window, "sluice").getResponse(),
    }));
    expect(state).toEqual({ told: first, field: "", expired: true, response: undefined });
    await visitor.click("checkbox", "Expired. Please tick again.");
    expect(await visitor.pass()).not.toBe(first);
    await visitor.leave();
  });

  test("of an invisible site has a new pass when the first has run out", async () => {
    const visitor = await world.visit(boxOf(world.sitekeys.invisible) + script(), {
      prepare: (page) => page.clock.install(),
    });
    const first = await visitor.pass();
    await visitor.page.clock.fastForward(LIFE_OF_A_PASS);
    await visitor.until("another pass", async () =>
      (await visitor.pass()) === first ? undefined : true,
    );
    await visitor.leave();
  });

  test("on a host that is none of the site's is told so, and its visitor too", async () => {
    const body = box(`data-error-callback="failed"`) + script();
    const visitor = await world.visit(body, {
      host: "127.0.0.1",
      prepare: (page) =>
        page.addInitScript("window.failed = (code) => { window.code = code; return true }"),
    });
    await visitor.find("checkbox", "Not set up for this page");
    expect(await visitor.page.evaluate("code")).toBe("wrong_hostname");
    await visitor.leave();
  });

  test("while the service is away gives no pass, says so, and goes on when it is back", async () => {
    const visitor = await world.visit(box(`data-retry-interval="1000"`) + script(), {
      prepare: (page) => page.route("**/v1/verify/challenge", (route) => route.abort()),
    });
    await visitor.find("checkbox", "No answer. Trying again…");
    expect(
      await visitor.page.evaluate("document.querySelector('[name=sluice-response]').value"),
    ).toBe("");
    await visitor.page.unroute("**/v1/verify/challenge");
    await visitor.find("checkbox", "I am human");
    await visitor.click("checkbox", "I am human");
    await visitor.pass();
    await visitor.leave();
  });

  test("goes on where timers are early by the clock", async () => {
    const visitor = await world.visit(box() + script(), {
      prepare: async (page) => {
        await page.route("**/v1/verify/challenge", (route) => route.abort(), { times: 1 });
        await page.addInitScript(`const later = setTimeout;
          window.setTimeout = (act, ms = 0) => later(act, Math.max(0, ms - 25));`);
      },
    });
    await visitor.click("checkbox", "I am human");
    expect(await world.siteverify("managed", await visitor.pass())).toMatchObject({
      success: true,
    });
    await visitor.leave();
  });

  test("speaks the visitor's language, or that of the page's choice", async () => {
    const visitor = await world.visit(box() + script(), { context: { locale: "zh-CN" } });
    await visitor.find("checkbox", "我是真人");
    await visitor.leave();
    const english = await world.visit(box(`data-language="en"`) + script(), {
      context: { locale: "zh-CN" },
    });
    await english.find("checkbox", "I am human");
    await english.leave();
  });

  test("may render by calls, twice into one place, detached, and remove while it loads", async () => {
    const body = `<div id="place"></div><script>
      window.ready = () => {
        const place = document.querySelector("#place");
        const options = { sitekey: "${world.sitekeys.managed}" };
        const first = sluice.render(place, options);
        sluice.render(place, options);
        sluice.remove(first);
        sluice.remove(sluice.render(document.createElement("div"), options));
        const apart = document.createElement("form");
        window.apart = sluice.render(apart, { ...options, "response-field-name": "apart", language: "zh" });
        setTimeout(() => document.body.append(apart), 300);
      }</script>${script("?render=explicit&onload=ready")}`;
    const visitor = await world.visit(body);
    await visitor.find("checkbox", "I am human");
    await visitor.find("checkbox", "我是真人");
    const boxes = (await visitor.seen()).filter(({ role }) => role === "checkbox");
    expect(boxes).toHaveLength(2);
    await visitor.click("checkbox", "我是真人");
    await visitor.pass("apart");
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  test("waits for `execute` where it says so", async () => {
    const visitor = await world.visit(
      boxOf(world.sitekeys.invisible, `data-execution="execute"`) + script(),
    );
    await visitor.until("the widget", async () =>
      (await visitor.page.evaluate("Boolean(window.sluice)")) ? true : undefined,
    );
    await pause(500);
    expect(visitor.requests.some((request) => request.url().endsWith("/challenge"))).toBe(false);
    const pass = await visitor.page.evaluate<string>("sluice.execute()");
    expect(await world.siteverify("invisible", pass)).toMatchObject({ success: true });
    await visitor.leave();
  });
});

test("of an invisible check nothing is sent of how the pointer moved", async () => {
  const visitor = await world.visit(
    boxOf(world.sitekeys.invisible, `data-execution="execute"`) + script(),
  );
  await visitor.until("the widget", async () =>
    (await visitor.page.evaluate("Boolean(window.sluice)")) ? true : undefined,
  );
  await visitor.moveTo(40, 40);
  await visitor.page.evaluate("sluice.execute()");
  const solve = visitor.requests.find((request) => request.url().endsWith("/solve"));
  expect(solve?.postDataJSON()).toMatchObject({ answer: null, track: null });
  await visitor.leave();
});

test("a browser that says it is driven by a program is not let through by a click", async () => {
  const browser = await launchChromium(true);
  const page = await browser.newPage();
  world.site.pages.set("/driven", { body: `<!doctype html>${box()}${script()}` });
  await page.goto(`${world.site.url}/driven`);
  const judged = page.waitForResponse("**/v1/verify/solve");
  await pause(800);
  await page.mouse.click(40, 40);
  expect((await (await judged).json()).verdict).not.toBe("pass");
  await browser.close();
});

test("a browser that is too old is told of, to its visitor and to the page", async () => {
  const visitor = await world.visit(
    `${box('data-callback="told" data-error-callback="told" data-unsupported-callback="unsupported"')}
     <script>window.codes = []; const told = (code) => codes.push(code);
     window.told = told; window.unsupported = () => codes.push("called");</script>${script()}`,
    { prepare: (page) => page.addInitScript("delete ShadowRoot.prototype.adoptedStyleSheets") },
  );
  await visitor.find("checkbox", "This browser is too old");
  expect(await visitor.page.evaluate("codes")).toEqual(["called", "unsupported"]);
  expect(visitor.requests.some((request) => request.url().endsWith("/challenge"))).toBe(false);
  expect(visitor.complaints).toEqual([]);
  await visitor.leave();
});

test("a pass that ran out while the computer slept is none any more when it wakes", async () => {
  const visitor = await world.visit(boxOf(world.sitekeys.invisible) + script());
  const old = await visitor.pass();
  await visitor.page.evaluate(() => {
    const { now } = Date;
    Date.now = () => now() + 3_600_000;
  });
  expect(await visitor.page.evaluate("sluice.getResponse()")).toBeUndefined();
  await visitor.page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await visitor.until("another pass", async () =>
    (await visitor.pass()) === old ? undefined : true,
  );
  await visitor.leave();
});

test("sizes, places in the order of Tab, and boxes that are seen only when they are needed", async () => {
  const boxes = [
    `data-tabindex="2"`,
    `data-size="compact" data-tabindex="1" data-language="zh"`,
    `data-size="flexible"`,
    `data-appearance="interaction-only" data-execution="execute"`,
  ];
  const visitor = await world.visit(boxes.map(box).join("") + script());
  await visitor.until("three boxes", async () => {
    const seen = (await visitor.seen()).filter(({ name }) => /^(I am human|我是真人)$/.test(name));
    return seen.filter(({ role }) => role === "checkbox").length === 3 ? true : undefined;
  });
  const sizes = await visitor.page.evaluate(() =>
    [...document.querySelectorAll("[data-sluice]")].map((host) => {
      const { width, height } = host.getBoundingClientRect();
      return [width, height];
    }),
  );
  const [width] = sizes[2] ?? [];
  expect(sizes).toEqual([
    [300, 65],
    [150, 140],
    [expect.any(Number), 65],
    [0, 0],
  ]);
  expect(width).toBeGreaterThan(300);
  await visitor.press("Tab");
  expect((await visitor.focused()).at(-1)).toMatchObject({ name: "我是真人" });
  await visitor.press("Tab");
  expect((await visitor.focused()).at(-1)).toMatchObject({ name: "I am human" });
  await visitor.page.evaluate(
    "void sluice.execute(document.querySelectorAll('.sluice-verify')[3])",
  );
  await visitor.until("the box that is needed", () =>
    visitor.page.evaluate(
      "document.querySelectorAll('[data-sluice]')[3].offsetHeight || undefined",
    ),
  );
  await visitor.leave();
});
