import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Visitor } from "./visitor.ts";
import { openWorld, type World } from "./world.ts";

/** What pages that were written for a vendor do beside the ways that its documentation shows first. */
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.stop());

/** A page that runs `act` when the script is there, with the sitekey of an invisible site in `SITEKEY`. */
function visit(query: string, body: string, act: string): Promise<Visitor> {
  return world.visit(`${body}<script>
    const SITEKEY = "${world.sitekeys.invisible}";
    window.ready = () => { ${act} };</script>
    <script src="${world.script(`${query}&onload=ready`)}" async defer></script>`);
}

/** What a page put into a variable, once it is there. */
function said<Value>(visitor: Visitor, variable: string): Promise<Value> {
  return visitor.until(variable, () => visitor.page.evaluate<Value | undefined>(variable));
}

const verify = (pass: string) => world.siteverify("invisible", pass);

describe("hCaptcha's execute", () => {
  test("takes its options without an id before them", async () => {
    const visitor = await visit(
      "?compat=hcaptcha&render=explicit",
      `<div id="place"></div>`,
      `hcaptcha.render("place", { sitekey: SITEKEY, size: "invisible" });
       hcaptcha.execute({ async: true }).then((answer) => { window.answer = answer });`,
    );
    const { response } = await said<{ response: string }>(visitor, "window.answer");
    expect(await verify(response)).toMatchObject({ success: true });
    await visitor.leave();
  });

  test("checks anew where a pass is held, and tells it", async () => {
    const visitor = await visit(
      "?compat=hcaptcha&render=explicit",
      `<div id="place"></div>`,
      `window.told = [];
       const id = hcaptcha.render("place", { sitekey: SITEKEY, size: "invisible", callback: (pass) => told.push(pass) });
       const once = () => hcaptcha.execute(id, { async: true });
       once().then(once).then(({ response }) => { window.second = response });`,
    );
    const second = await said<string>(visitor, "window.second");
    expect(await visitor.page.evaluate("told")).toEqual([
      expect.not.stringMatching(second),
      second,
    ]);
    await visitor.leave();
  });
});

describe("a button that is marked", () => {
  test("checks at every click, once though the script is loaded twice", async () => {
    const visitor = await visit(
      "?compat=recaptcha",
      `<button class="g-recaptcha" data-sitekey="${world.sitekeys.invisible}" data-callback="shop.told">Send</button>
       <script>window.shop = { passes: [], told: (pass) => shop.passes.push(pass) };</script>
       <script src="${world.script("?compat=recaptcha")}" defer></script>`,
      "",
    );
    const passes = (count: number) =>
      visitor.until(`${count} passes`, async () => {
        const all = await visitor.page.evaluate<string[]>("shop.passes");
        return all.length === count ? all : undefined;
      });
    await visitor.click("button", "Send");
    await passes(1);
    await visitor.click("button", "Send");
    const [first, second] = await passes(2);
    expect(second).not.toBe(first);
    const widgets = await visitor.page.evaluate(
      "document.querySelectorAll('[data-sluice]').length",
    );
    expect(widgets).toBe(1);
    await visitor.leave();
  });
});

describe("reCAPTCHA's execute", () => {
  test("by the number of a widget has a pass for each action", async () => {
    const visitor = await visit(
      "?compat=recaptcha&render=explicit",
      `<div id="badge"></div>`,
      `const client = grecaptcha.render("badge", { sitekey: SITEKEY, badge: "inline", size: "invisible" });
       Promise.all(["one", "two"].map((action) => grecaptcha.execute(client, { action })))
         .then((passes) => { window.passes = passes });`,
    );
    const passes = await said<string[]>(visitor, "window.passes");
    expect(await Promise.all(passes.map(verify))).toMatchObject([
      { success: true, action: "one" },
      { success: true, action: "two" },
    ]);
    await visitor.leave();
  });
});

describe("a vendor's global", () => {
  test("is put in place though an element has its name, or the page has declared it", async () => {
    const visitor = await visit(
      "?compat=turnstile&render=explicit",
      `<script>var sluice;</script><div id="turnstile"></div>`,
      `window.kinds = [typeof window.turnstile.render, typeof window.sluice.render];`,
    );
    expect(await said(visitor, "window.kinds")).toEqual(["function", "function"]);
    await visitor.leave();
  });

  test("takes the place of the page's own stand-in, and calls what waits there", async () => {
    const visitor = await visit(
      "?compat=recaptcha",
      `<div class="g-recaptcha" data-sitekey="${world.sitekeys.managed}"></div>
       <script>
        const standIn = window.grecaptcha = { ready: (callback) => {
          const waiting = (window.___grecaptcha_cfg ??= {});
          (waiting.fns ??= []).push(callback);
        } };
        grecaptcha.ready(() => { window.found = [typeof standIn.render, grecaptcha.getResponse(0)] });
       </script>`,
      "",
    );
    expect(await said(visitor, "window.found")).toEqual(["function", ""]);
    await visitor.leave();
  });
});

describe("hCaptcha in the place of reCAPTCHA", () => {
  const body = () => `<form><div class="g-recaptcha" data-sitekey="${world.sitekeys.invisible}"
    data-size="invisible" data-callback="passed"></div></form><script>function passed(pass) { window.pass = pass }</script>`;

  test("serves pages that keep reCAPTCHA's class and calls", async () => {
    const visitor = await visit("?compat=hcaptcha", body(), "grecaptcha.execute()");
    const pass = await said<string>(visitor, "window.pass");
    expect(await visitor.pass("g-recaptcha-response")).toBe(pass);
    expect(await visitor.page.evaluate("grecaptcha.getResponse()")).toBe(pass);
    await visitor.leave();
  });

  test("leaves reCAPTCHA alone where the page says so", async () => {
    const visitor = await visit(
      "?compat=hcaptcha&recaptchacompat=off",
      body(),
      "window.done = true",
    );
    await said(visitor, "window.done");
    expect(
      await visitor.page.evaluate(
        "['grecaptcha' in window, document.querySelector('[data-sluice]')]",
      ),
    ).toEqual([false, null]);
    await visitor.leave();
  });
});

describe("an element's own attributes", () => {
  test.each([
    ["turnstile", "cf-turnstile-response"],
    ["hcaptcha", "h-captcha-response"],
  ])("speak where a call of %s's render names nothing else", async (compat, field) => {
    const visitor = await visit(
      `?compat=${compat}&render=explicit`,
      `<form><div id="place" data-sitekey="${world.sitekeys.invisible}" data-callback="attribute"></div></form>
       <script>window.told = []; const attribute = (pass) => told.push(pass);</script>`,
      `window.attribute = attribute; ${compat}.render("place", { callback: undefined });`,
    );
    const pass = await visitor.pass(field);
    expect(await visitor.page.evaluate("told")).toEqual([pass]);
    await visitor.leave();
  });
});

describe("Turnstile's execute", () => {
  test("takes what render left open, and tells a pass that is held once more", async () => {
    const visitor = await visit(
      "?compat=turnstile&render=explicit",
      `<div id="place"></div>`,
      `window.told = [];
       turnstile.render("#place", { sitekey: SITEKEY, execution: "execute", action: "early",
         callback: () => told.push("the first callback") });
       const late = { action: "late", callback: (pass) => { told.push(pass);
         if (told.length === 1) turnstile.execute("#place"); else window.done = true; } };
       turnstile.execute("#place", late);`,
    );
    await said(visitor, "window.done");
    const [first = "", second] = await visitor.page.evaluate<string[]>("told");
    expect(second).toBe(first);
    expect(await verify(first)).toMatchObject({ success: true, action: "late" });
    await visitor.leave();
  });
});

describe("the looks of a box", () => {
  test.each([
    ["turnstile", "auto"],
    ["recaptcha", "light"],
    ["hcaptcha", "light"],
  ])("are with %s: %s, unless the page chooses", async (compat, theme) => {
    const global = compat === "recaptcha" ? "grecaptcha" : compat;
    const visitor = await visit(
      `?compat=${compat}&render=explicit`,
      `<div id="usual"></div><div id="chosen"></div>`,
      `${global}.render("usual", { sitekey: SITEKEY, theme: "contrast" });
       ${global}.render("chosen", { sitekey: SITEKEY, theme: "dark" });
       window.themes = [...document.querySelectorAll("[data-sluice]")].map(({ dataset }) => dataset.theme);`,
    );
    expect(await said(visitor, "window.themes")).toEqual([theme, "dark"]);
    await visitor.leave();
  });
});

describe("GeeTest's captcha that is bound to a button", () => {
  test("checks each time that it is shown", async () => {
    const visitor = await visit(
      "?compat=geetest",
      "",
      `window.lots = new Set();
       initGeetest4({ captchaId: SITEKEY, product: "bind" }, (captcha) => {
         captcha.onReady(() => captcha.showCaptcha()).onSuccess(() => {
           lots.add(captcha.getValidate().lot_number);
           if (lots.size === 2) window.done = true;
           else captcha.showCaptcha();
         });
       });`,
    );
    await said(visitor, "window.done");
    await visitor.leave();
  });
});

describe("a script that a page loads again", () => {
  test("renders what is new there, and knows all of the page's widgets", async () => {
    const visitor = await visit(
      "?compat=turnstile",
      `<form id="first"><div class="cf-turnstile" data-sitekey="${world.sitekeys.invisible}"></div></form>`,
      "window.loads = (window.loads ?? 0) + 1;",
    );
    const old = await visitor.pass("cf-turnstile-response");
    // As where a page that was seen before is shown again from a copy of what it was.
    await visitor.page.evaluate(() => {
      const [form, script] = [
        document.querySelector("form"),
        document.querySelector("script[src]"),
      ];
      form?.replaceWith(form.cloneNode(true));
      const again = document.createElement("script");
      again.src = script?.getAttribute("src") ?? "";
      document.body.append(again);
    });
    await visitor.until("another pass", async () =>
      (await visitor.pass("cf-turnstile-response")) === old ? undefined : true,
    );
    const pass = await visitor.pass("cf-turnstile-response");
    const found = await visitor.page.evaluate(
      "[turnstile.getResponse('.cf-turnstile'), turnstile.getResponse(), document.forms[0].elements.length, loads]",
    );
    expect(found).toEqual([pass, pass, 1, 2]);
    await visitor.leave();
  });
});
