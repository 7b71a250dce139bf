import type { PassedAnswer } from "@sluice/protocol";
import type { Tell } from "../machine/events.ts";
import { build } from "../view/build.ts";
import type { Widget } from "../widget/widget.ts";
import { elementOf } from "../widget/widgets.ts";
import { geetestError } from "./geetest-error.ts";
import { languageTagOf } from "./geetest-language.ts";
import type { Dialect, Page } from "./page.ts";
import { renderOptions } from "./render-options.ts";
import { runSafely } from "./tell-page.ts";

/** What a server sends on as `captcha_output`; all that counts is in the pass. */
const OUTPUT = "sluice";

const EVENTS = ["ready", "nextReady", "boxShow", "success", "fail", "error", "close"] as const;
type EventName = (typeof EVENTS)[number];

/** GeeTest's five values, by which its servers validate. */
export interface Validate {
  readonly captcha_id: string;
  readonly lot_number: string;
  readonly captcha_output: string;
  readonly pass_token: string;
  readonly gen_time: string;
}

export function validateOf(captchaId: string, passed: PassedAnswer): Validate {
  return {
    captcha_id: captchaId,
    lot_number: passed.id,
    captcha_output: OUTPUT,
    pass_token: passed.pass,
    gen_time: String(passed.solvedAt),
  };
}

/** The interface of GeeTest v4: `initGeetest4(config, callback)`. */
export function geetestDialect(page: Page): Dialect {
  const initGeetest4 = (config: unknown, callback?: (captcha: Captcha) => void) => {
    const captcha = new Captcha(page, { ...(config as object) });
    page.whenReady(() => runSafely(() => callback?.(captcha)));
  };
  return { globals: { initGeetest4 }, classNames: [], renderElement: () => {} };
}

let rendered = 0;

/** What `initGeetest4` calls back with. Its methods return it, so that they can be chained. */
class Captcha {
  readonly #page: Page;
  readonly #config: { readonly [name: string]: unknown };
  readonly #listeners = new Map<EventName, ((said?: unknown) => void)[]>();
  #widget: Widget | null = null;
  #id = "";
  #isReady = false;

  constructor(page: Page, config: { readonly [name: string]: unknown }) {
    this.#page = page;
    this.#config = config;
    if (typeof config.onError === "function") this.#on("error", config.onError as () => void);
    // Nothing is in the page of a bound captcha: its widget shows when it is asked to.
    if (config.product === "bind") page.whenReady(() => this.#render(build("div"), "invisible"));
  }

  appendTo(container: unknown): this {
    const element = elementOf(container);
    if (element === null) this.#emit("error", geetestError("60002"));
    else this.#render(element, "normal");
    return this;
  }

  onReady(listener: () => void): this {
    if (this.#isReady) queueMicrotask(() => runSafely(listener));
    return this.#on("ready", listener);
  }
  onNextReady(listener: () => void): this {
    return this.#on("nextReady", listener);
  }
  onBoxShow(listener: () => void): this {
    return this.#on("boxShow", listener);
  }
  onSuccess(listener: () => void): this {
    return this.#on("success", listener);
  }
  onFail(listener: () => void): this {
    return this.#on("fail", listener);
  }
  onError(listener: () => void): this {
    return this.#on("error", listener);
  }
  onClose(listener: () => void): this {
    return this.#on("close", listener);
  }

  /** Five values when there is a pass, else false. */
  getValidate(): Validate | false {
    const passed = this.#widget?.passed;
    return passed ? validateOf(String(this.#config.captchaId ?? ""), passed) : false;
  }

  /** Checks anew where a pass is held: whoever presses their own button again has sent it. */
  showCaptcha(): this {
    const isBound = this.#config.product === "bind";
    if (isBound && this.#widget?.passed) this.#widget.reset();
    this.#widget?.run();
    return this;
  }
  showBox(): this {
    return this.showCaptcha();
  }

  reset(): this {
    this.#widget?.reset();
    return this;
  }

  destroy(): void {
    if (this.#id !== "") this.#page.widgets.remove(this.#id);
    this.#widget = null;
    this.#listeners.clear();
  }

  #render(container: Element, size: "normal" | "invisible"): void {
    const { captchaId, language } = this.#config;
    const execution = size === "invisible" ? "execute" : "render";
    const given = { sitekey: captchaId, size, execution, language: languageTagOf(language) };
    rendered += 1;
    this.#id = `geetest-${rendered}`;
    this.#widget = this.#page.widgets.render(this.#id, {
      container,
      options: renderOptions(given, this.#page),
      fields: [],
      listen: (tell) => this.#tell(tell),
    });
    if (execution === "render") this.#widget.run();
    // Listeners that are chained to this call hear of it.
    queueMicrotask(() => {
      this.#isReady = true;
      this.#emit("ready");
    });
  }

  #tell(tell: Tell): void {
    switch (tell.kind) {
      case "passed":
        this.#emit("success");
        break;
      case "wrong_place":
        this.#emit("fail", { captchaId: this.#config.captchaId });
        break;
      case "interactive":
        if (tell.begins) this.#emit("nextReady");
        break;
      case "panel":
        if (tell.opens) this.#emit("boxShow");
        else if (tell.dismissed) this.#emit("close");
        break;
      case "failed":
        if (tell.fault !== "closed") this.#emit("error", geetestError(tell.fault));
        break;
      case "expired":
      case "timed_out":
        break;
    }
  }

  #on(name: EventName, listener: (said?: unknown) => void): this {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
    return this;
  }

  #emit(name: EventName, said?: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) runSafely(() => listener(said));
  }
}
