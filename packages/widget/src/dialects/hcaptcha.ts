import type { WidgetOptions } from "../options/options.ts";
import type { Fault } from "../service/faults.ts";
import type { FieldSpec } from "../widget/response-fields.ts";
import { elementOf } from "../widget/widgets.ts";
import { besideButton } from "./bind-button.ts";
import type { Dialect, Page } from "./page.ts";
import { renderOptions, waitsWhereInvisible, withAttributes } from "./render-options.ts";
import { NoPassError, newPassOf, tellPage } from "./tell-page.ts";

const FIELD = "h-captcha-response";
const RECAPTCHA_FIELD = "g-recaptcha-response";

/** hCaptcha's words for what went wrong. */
export function hcaptchaError(fault: Fault): string {
  const words: { readonly [Each in Fault]: string } = {
    invalid_sitekey: "missing-sitekey",
    unknown_sitekey: "invalid-data",
    wrong_hostname: "invalid-data",
    invalid_action: "invalid-data",
    invalid_cdata: "invalid-data",
    unavailable: "network-error",
    limited: "rate-limited",
    refused: "challenge-error",
    closed: "challenge-closed",
    unsupported: "internal-error",
  };
  return words[fault];
}

/** What `execute` with `async` resolves to. */
interface AsyncAnswer {
  readonly response: string;
  /** hCaptcha's id of the answer: here that of the challenge. */
  readonly key: string;
}

/** The interface of hCaptcha. */
export function hcaptchaDialect(page: Page): Dialect {
  let rendered = 0;

  function renderInto(element: Element, options: WidgetOptions): string {
    rendered += 1;
    const id = `hcaptcha-${rendered}`;
    const listen = tellPage(options, {
      errorArguments: (fault) => [hcaptchaError(fault)],
      expiredArguments: () => [],
    });
    const fields = fieldsOf(id, page);
    const widget = page.widgets.render(id, { container: element, options, fields, listen });
    if (options.execution === "render") widget.run();
    return id;
  }

  function render(container: unknown, parameters: unknown = {}): string | undefined {
    const element = elementOf(container);
    if (element === null) {
      console.warn("Sluice: there is no element to render into");
      return undefined;
    }
    const given = withAttributes(element, parameters);
    return renderInto(element, waitsWhereInvisible(renderOptions(given, page)));
  }

  /** The options may stand alone, and then mean the first widget. */
  function execute(...said: readonly unknown[]): Promise<AsyncAnswer> | undefined {
    const [reference, options] = isOptions(said[0]) ? [undefined, said[0]] : said;
    const widget = page.widgets.find(reference);
    const answer =
      widget === undefined
        ? Promise.reject("invalid-captcha-id")
        : newPassOf(widget).then(
            ({ pass, id }) => ({ response: pass, key: id }),
            // hCaptcha rejects with the bare word.
            (error: unknown) =>
              Promise.reject(error instanceof NoPassError ? hcaptchaError(error.fault) : error),
          );
    answer.catch(() => {});
    return isOptions(options) && options.async === true ? answer : undefined;
  }

  const passedOf = (reference?: unknown) => page.widgets.find(reference)?.passed;
  const api = {
    render,
    execute,
    reset: (reference?: unknown) => page.widgets.find(reference)?.reset(),
    remove: (reference?: unknown) => page.widgets.remove(reference),
    close: (reference?: unknown) => page.widgets.find(reference)?.close(),
    getResponse: (reference?: unknown) => passedOf(reference)?.pass ?? "",
    getRespKey: (reference?: unknown) => passedOf(reference)?.id ?? "",
    /** hCaptcha's data for its own customers means nothing here. */
    setData: () => {},
  };
  // Pages that came from reCAPTCHA may keep its class and its global.
  const { replacesRecaptcha } = page.address;
  return {
    globals: { hcaptcha: api, ...(replacesRecaptcha && { grecaptcha: api }) },
    classNames: ["h-captcha", ...(replacesRecaptcha ? ["g-recaptcha"] : [])],
    renderElement(element) {
      const place = besideButton(element, () => execute(id));
      const given = { ...element.dataset, ...(place !== null && { size: "invisible" }) };
      const options = waitsWhereInvisible(renderOptions(given, page));
      const id = renderInto(place ?? element, options);
    },
  };
}

/** Whether an argument of `execute` is its options, and names no widget. */
function isOptions(said: unknown): said is { readonly async?: unknown } {
  return typeof said === "object" && said !== null && !(said instanceof Element);
}

/** Sites that came from reCAPTCHA have their servers read its field. */
function fieldsOf(id: string, { address }: Page): FieldSpec[] {
  const names = address.replacesRecaptcha ? [RECAPTCHA_FIELD, FIELD] : [FIELD];
  return names.map((name) => ({ name, id: `${name}-${id}`, tag: "textarea" }));
}
