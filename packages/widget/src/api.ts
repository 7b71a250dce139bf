import { geetestDialect } from "./dialects/geetest.ts";
import { hcaptchaDialect } from "./dialects/hcaptcha.ts";
import type { Dialect, Page } from "./dialects/page.ts";
import { recaptchaDialect } from "./dialects/recaptcha.ts";
import { turnstileDialect } from "./dialects/turnstile.ts";
import { install } from "./page/install.ts";
import { type Compat, readScriptAddress, SCRIPT_PATH } from "./page/script-address.ts";
import { serviceAt } from "./service/call-service.ts";
import { PointerWatch } from "./track/pointer-watch.ts";
import { WakefulClock } from "./widget/wakeful-clock.ts";
import { Widgets } from "./widget/widgets.ts";

/** Source of the Web Worker's program; the build puts it in. */
declare const WORKER_SOURCE: string;

const DIALECTS: { readonly [Each in Compat]: (page: Page) => readonly Dialect[] } = {
  sluice: (page) => [turnstileDialect(page, "sluice")],
  turnstile: (page) => [turnstileDialect(page, "turnstile"), turnstileDialect(page, "sluice")],
  recaptcha: (page) => [recaptchaDialect(page), turnstileDialect(page, "sluice")],
  hcaptcha: (page) => [hcaptchaDialect(page), turnstileDialect(page, "sluice")],
  geetest: (page) => [geetestDialect(page), turnstileDialect(page, "sluice")],
};

/** Where this script came from: the browser says it, but not of a script that another one evaluated. */
function scriptSource(): string {
  const { currentScript } = document;
  if (currentScript instanceof HTMLScriptElement && currentScript.src !== "")
    return currentScript.src;
  return document.querySelector<HTMLScriptElement>(`script[src*="${SCRIPT_PATH}"]`)?.src ?? "";
}

function startWidgets(service: string): Widgets {
  const watch = new PointerWatch();
  watch.start(window);
  return new Widgets({
    service: serviceAt(service),
    workerSource: WORKER_SOURCE,
    watch,
    clock: new WakefulClock({ steady: () => performance.now(), wall: () => Date.now() }),
  });
}

const address = readScriptAddress(scriptSource());
install(address, (whenReady) =>
  DIALECTS[address.compat]({ widgets: startWidgets(address.service), address, whenReady }),
);
