import type { WidgetOptions } from "../options/options.ts";
import { build } from "../view/build.ts";
import type { FieldSpec } from "../widget/response-fields.ts";
import type { Widget } from "../widget/widget.ts";
import { elementOf } from "../widget/widgets.ts";
import { besideButton } from "./bind-button.ts";
import type { Dialect, Page } from "./page.ts";
import { findFunction } from "./page-functions.ts";
import { renderOptions, waitsWhereInvisible, withAttributes } from "./render-options.ts";
import { newPassOf, passOf, runSafely, tellPage } from "./tell-page.ts";

const FIELD = "g-recaptcha-response";

/** The interface of reCAPTCHA: v2's box and invisible widget, and v3's `execute` by sitekey. */
export function recaptchaDialect(page: Page): Dialect {
  let rendered = 0;

  function renderInto(element: Element, options: WidgetOptions): number {
    const id = rendered;
    rendered += 1;
    const listen = tellPage(options, { errorArguments: () => [], expiredArguments: () => [] });
    const fields = [fieldOf(id)];
    const widget = page.widgets.render(id, { container: element, options, fields, listen });
    if (options.execution === "render") widget.run();
    return id;
  }

  /** `inherit` lets the element's own attributes speak where the parameters do not. */
  function render(container: unknown, parameters: unknown = {}, inherit = false): number {
    const element = elementOf(container);
    if (element === null) throw new Error("reCAPTCHA placeholder element must be an element or id");
    const given = inherit ? withAttributes(element, parameters) : parameters;
    return renderInto(element, waitsWhereInvisible(renderOptions(given, page)));
  }

  /** Runs a widget; by a sitekey, or of a widget for an action as v3 has it, a check of its own. */
  function execute(reference?: unknown, parameters: unknown = {}): Promise<string> {
    const widget = typeof reference === "string" ? undefined : page.widgets.find(reference);
    const sitekey = typeof reference === "string" ? reference : page.address.sitekey;
    const given = { ...(parameters as object), sitekey: widget?.options.sitekey ?? sitekey };
    const isApart = widget === undefined ? sitekey !== null : "action" in given;
    const pass = isApart ? executeApart(page, given) : runWidget(widget);
    // Pages of v2 wait for the callback and ignore the promise.
    pass.catch(() => {});
    return pass;
  }

  const api = {
    ready: (callback: () => void) => page.whenReady(() => runSafely(callback)),
    render,
    execute,
    reset: (reference?: unknown) => page.widgets.find(reference)?.reset(),
    getResponse: (reference?: unknown) => page.widgets.find(reference)?.passed?.pass ?? "",
  };
  return {
    globals: { grecaptcha: { ...api, enterprise: api } },
    classNames: ["g-recaptcha"],
    renderElement(element) {
      const place = besideButton(element, () => void execute(id));
      const given = { ...element.dataset, ...(place !== null && { size: "invisible" }) };
      const options = waitsWhereInvisible(renderOptions(given, page));
      const id = renderInto(place ?? element, options);
    },
    waiting,
  };
}

/** Takes what is to be called from where Google has pages put it: https://developers.google.com/recaptcha/docs/loading */
function waiting(): (() => unknown)[] {
  const calls = findFunction("___grecaptcha_cfg.fns");
  return Array.isArray(calls) ? calls.splice(0).filter((call) => typeof call === "function") : [];
}

function fieldOf(id: number): FieldSpec {
  // Google numbers the fields of all widgets but the first.
  const field = id === 0 ? FIELD : `${FIELD}-${id}`;
  return { name: FIELD, id: field, tag: "textarea" };
}

function runWidget(widget: Widget | undefined): Promise<string> {
  if (widget === undefined) return Promise.reject(new Error("No reCAPTCHA clients exist."));
  return newPassOf(widget).then(({ pass }) => pass);
}

/** A widget for one call, so that calls at the same time do not disturb each other. */
async function executeApart(page: Page, parameters: object): Promise<string> {
  const given = { ...parameters, size: "invisible", execution: "execute", retry: "never" };
  const place = build("div");
  (document.body ?? document.documentElement).append(place);
  const options = renderOptions(given, page);
  const id = `apart-${apart++}`;
  const widget = page.widgets.render(id, {
    container: place,
    options,
    fields: [],
    listen: () => {},
  });
  try {
    return (await passOf(widget)).pass;
  } finally {
    page.widgets.remove(id);
    place.remove();
  }
}
let apart = 0;
