import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reactPage } from "./react-pages.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.stop());

const script = (query: string) => `<script src="${world.script(query)}" async defer></script>`;
const service = () => world.running.service.url;

async function validate(path: string, fields: Record<string, string>): Promise<unknown> {
  const body = new URLSearchParams(fields);
  return (await fetch(service() + path, { method: "POST", body })).json();
}

describe("a page that was written for Turnstile", () => {
  const page = () => `<form><div class="cf-turnstile" data-sitekey="${world.sitekeys.managed}"
    data-callback="passed" data-action="login"></div></form>
    <script>function passed(token) { window.token = token }</script>${script("?compat=turnstile")}`;

  test("has its class, its field, its callback and its global", async () => {
    const visitor = await world.visit(page());
    await visitor.click("checkbox", "I am human");
    const pass = await visitor.pass("cf-turnstile-response");
    const said = await visitor.page.evaluate("[window.token, turnstile.getResponse()]");
    expect(said).toEqual([pass, pass]);
    expect(await world.siteverify("managed", pass)).toMatchObject({
      success: true,
      action: "login",
    });
    await visitor.leave();
  });

  test("and uses @marsidev/react-turnstile has nothing else to change", async () => {
    const react = await reactPage(
      `import { Turnstile as Widget } from "@marsidev/react-turnstile";`,
      `{ siteKey: "${world.sitekeys.managed}", injectScript: false, options: { action: "signup" },
         onSuccess: (token) => { window.token = token }, onWidgetLoad: (id) => { window.id = id } }`,
    );
    const loaded = `<script id="cf-turnstile-script" src="${world.script("?compat=turnstile&render=explicit")}" async></script>`;
    const visitor = await world.visit(react + loaded);
    await visitor.click("checkbox", "I am human");
    const pass = await visitor.pass("cf-turnstile-response");
    expect(await visitor.page.evaluate("window.token")).toBe(pass);
    expect(await world.siteverify("managed", pass)).toMatchObject({
      success: true,
      action: "signup",
    });
    await visitor.page.evaluate("window.leave()");
    await visitor.until("no box", async () =>
      (await visitor.lacks("checkbox")) ? true : undefined,
    );
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  test("is told in Turnstile's codes what is wrong", async () => {
    const visitor = await world.visit(
      `<div id="place"></div><script>window.codes = []; window.ready = () => {
        const say = (code) => { codes.push(code); return true };
        turnstile.render("#place", { sitekey: "none", "error-callback": say });
        turnstile.render(document.createElement("div"),
          { sitekey: "${world.sitekeys.managed}", action: "no spaces", "error-callback": say });
      }</script>${script("?compat=turnstile&render=explicit&onload=ready")}`,
    );
    const codes = await visitor.until("two codes", async () => {
      const said = await visitor.page.evaluate<string[]>("codes");
      return said.length === 2 ? said : undefined;
    });
    expect(codes.toSorted()).toEqual(["110110", "110420"]);
    await visitor.leave();
  });
});

describe("a page that was written for reCAPTCHA", () => {
  test("v2 has its class, its field and its global", async () => {
    const visitor = await world.visit(
      `<form><div class="g-recaptcha" data-sitekey="${world.sitekeys.managed}"></div></form>${script("?compat=recaptcha")}`,
    );
    expect(
      await visitor.until("the global", () =>
        visitor.page.evaluate("window.grecaptcha ? grecaptcha.getResponse() : undefined"),
      ),
    ).toBe("");
    await visitor.click("checkbox", "I am human");
    const pass = await visitor.pass("g-recaptcha-response");
    for (const selector of ["#g-recaptcha-response", "textarea.g-recaptcha-response"]) {
      expect(await visitor.page.inputValue(selector)).toBe(pass);
    }
    await visitor.leave();
  });

  test("v3 has a pass for each call of `execute`, with its action", async () => {
    const visitor = await world.visit(
      script(`?compat=recaptcha&render=${world.sitekeys.invisible}`),
    );
    await visitor.until("the global", () =>
      visitor.page.evaluate("window.grecaptcha && true || undefined"),
    );
    const passes = await visitor.page.evaluate<string[]>(
      `new Promise((resolve) => grecaptcha.ready(() => resolve(Promise.all(["one", "two"].map(
        (action) => grecaptcha.execute("${world.sitekeys.invisible}", { action }))))))`,
    );
    const verdicts = await Promise.all(passes.map((pass) => world.siteverify("invisible", pass)));
    expect(verdicts).toMatchObject([
      { success: true, action: "one" },
      { success: true, action: "two" },
    ]);
    await visitor.leave();
  });

  test("and uses react-google-recaptcha hands it the global", async () => {
    const react = await reactPage(
      `import Widget from "react-google-recaptcha/lib/esm/recaptcha.js";`,
      `{ sitekey: "${world.sitekeys.managed}", grecaptcha: window.grecaptcha, onChange: (token) => { window.token = token } }`,
    );
    const loaded = `<script src="${world.script("?compat=recaptcha&render=explicit")}"></script>`;
    const visitor = await world.visit(loaded + react);
    await visitor.click("checkbox", "I am human");
    const pass = await visitor.pass("g-recaptcha-response");
    expect(await visitor.page.evaluate("window.token")).toBe(pass);
    await visitor.leave();
  });
});

describe("a page that was written for hCaptcha", () => {
  test("has its class, its fields and its global", async () => {
    const visitor = await world.visit(
      `<form><div class="h-captcha" data-sitekey="${world.sitekeys.managed}"></div></form>${script("?compat=hcaptcha")}`,
    );
    await visitor.click("checkbox", "I am human");
    const pass = await visitor.pass("h-captcha-response");
    expect(await visitor.pass("g-recaptcha-response")).toBe(pass);
    const said = await visitor.page.evaluate("[hcaptcha.getResponse(), hcaptcha.getRespKey()]");
    expect(said).toEqual([pass, expect.stringMatching(/^[0-9a-f]{32}$/)]);
    await visitor.leave();
  });

  test("loads it by a clumsy address, and executes it unseen", async () => {
    const visitor = await world.visit(
      `<div id="place"></div><script>window.cb = () => {
        const id = hcaptcha.render("place", { sitekey: "${world.sitekeys.invisible}", size: "invisible" });
        window.answer = hcaptcha.execute(id, { async: true });
      }</script><script src="${world.script("?compat=hcaptcha?onload=cb&render=explicit")}" crossorigin="anonymous" async></script>`,
    );
    await visitor.until("an answer", () =>
      visitor.page.evaluate("window.answer && true || undefined"),
    );
    const { response, key } = await visitor.page.evaluate<{ response: string; key: string }>(
      "answer",
    );
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(await world.siteverify("invisible", response)).toMatchObject({ success: true });
    await visitor.leave();
  });

  test("opens a dialog where an unseen check has something to ask, and tells when it is closed", async () => {
    const visitor = await world.visit(
      `<div id="place"></div><script>window.cb = () => {
        const id = hcaptcha.render("place", { sitekey: "${world.sitekeys.slider}", size: "invisible" });
        hcaptcha.execute(id, { async: true }).catch((error) => { window.error = error });
      }</script>${script("?compat=hcaptcha&onload=cb&render=explicit")}`,
    );
    await visitor.find("slider");
    await visitor.press("Escape");
    const error = await visitor.until("an error", () => visitor.page.evaluate("window.error"));
    expect(error).toBe("challenge-closed");
    await visitor.leave();
  });

  test("and uses @hcaptcha/react-hcaptcha names the service's host", async () => {
    const react = await reactPage(
      `import Widget from "@hcaptcha/react-hcaptcha";`,
      `{ sitekey: "${world.sitekeys.managed}", apihost: "${service()}", sentry: false, onVerify: (token, key) => { window.said = [token, key] } }`,
    );
    const visitor = await world.visit(react);
    await visitor.click("checkbox", "I am human");
    const pass = await visitor.pass("h-captcha-response");
    expect(await visitor.page.evaluate("window.said")).toEqual([pass, expect.any(String)]);
    await visitor.leave();
  });
});

describe("a page that was written for GeeTest", () => {
  test("has five values for its server", async () => {
    const visitor = await world.visit(
      `<div id="captcha"></div><script src="${world.script("?compat=geetest")}"></script><script>
        window.told = [];
        initGeetest4({ captchaId: "${world.sitekeys.managed}", language: "eng", product: "float" }, (captcha) => {
          window.captcha = captcha;
          captcha.appendTo("#captcha").onReady(() => told.push("ready")).onSuccess(() => told.push("success"));
        });</script>`,
    );
    await visitor.click("checkbox", "I am human");
    const values = await visitor.until(
      "the values",
      async () =>
        (await visitor.page.evaluate<Record<string, string> | false>("captcha.getValidate()")) ||
        undefined,
    );
    expect(values).toEqual({
      captcha_id: world.sitekeys.managed,
      lot_number: expect.stringMatching(/^[0-9a-f]{32}$/),
      captcha_output: expect.stringMatching(/./),
      pass_token: expect.stringMatching(/^sp_/),
      gen_time: expect.stringMatching(/^\d+$/),
    });
    expect(await visitor.page.evaluate("told")).toEqual(["ready", "success"]);
    expect(
      await validate("/siteverify", { secret: "none", response: values.pass_token ?? "" }),
    ).toMatchObject({ success: false });
    await visitor.leave();
  });

  test("that binds it to a button of its own shows it when it is asked to", async () => {
    const visitor = await world.visit(
      `<script src="${world.script("?compat=geetest")}"></script><script>
        initGeetest4({ captchaId: "${world.sitekeys.slider}", language: "eng", product: "bind" }, (captcha) => {
          captcha.onReady(() => captcha.showCaptcha()).onClose(() => { window.closed = true });
        });</script>`,
    );
    await visitor.find("slider");
    await visitor.press("Escape");
    await visitor.until("the end", () => visitor.page.evaluate("window.closed"));
    await visitor.leave();
  });
});
