import type { WidgetOptions } from "../options/options.ts";
import type { Fault } from "../service/faults.ts";
import type { FieldSpec } from "../widget/response-fields.ts";
import type { Widget } from "../widget/widget.ts";
import { elementOf, type Reference } from "../widget/widgets.ts";
import type { Dialect, Page } from "./page.ts";
import { renderOptions, withAttributes } from "./render-options.ts";
import { passOf, runSafely, tellPage } from "./tell-page.ts";

/** What tells the two interfaces of this form apart: Sluice's own, and Turnstile's. */
export interface Flavour {
  readonly global: string;
  readonly className: string;
  readonly field: string;
  readonly errorOf: (fault: Fault) => string;
}

const FLAVOURS = {
  sluice: {
    global: "sluice",
    className: "sluice-verify",
    field: "sluice-response",
    errorOf: (fault: Fault) => fault,
  },
  turnstile: {
    global: "turnstile",
    className: "cf-turnstile",
    field: "cf-turnstile-response",
    errorOf: turnstileError,
  },
} as const satisfies { readonly [name: string]: Flavour };

/** Codes of Turnstile's families: 110 the page's mistake, 300 the browser's trouble, 600 a failed challenge. */
export function turnstileError(fault: Fault): string {
  const codes: { readonly [Each in Fault]: string } = {
    invalid_sitekey: "110100",
    unknown_sitekey: "110110",
    wrong_hostname: "110200",
    invalid_action: "110420",
    invalid_cdata: "110430",
    unsupported: "110500",
    unavailable: "300030",
    limited: "300020",
    refused: "600010",
    closed: "300010",
  };
  return codes[fault];
}

/** The interface of Turnstile, under its name or under Sluice's own. */
export function turnstileDialect(page: Page, name: keyof typeof FLAVOURS): Dialect {
  const flavour: Flavour = FLAVOURS[name];
  let rendered = 0;

  const listenWith = (options: WidgetOptions) =>
    tellPage(options, {
      errorArguments: (fault) => [flavour.errorOf(fault)],
      expiredArguments: ({ pass }) => [pass],
    });

  function render(container: unknown, parameters: unknown = {}): string | undefined {
    const element = elementOf(container);
    if (element === null) {
      console.warn(`Sluice: there is no element to render into`);
      return undefined;
    }
    const options = renderOptions(withAttributes(element, parameters), page);
    rendered += 1;
    const id = `${flavour.global}-${rendered}`;
    const fields = fieldsOf(options, flavour);
    const listen = listenWith(options);
    const widget = page.widgets.render(id, { container: element, options, fields, listen });
    if (options.execution === "render") widget.run();
    return id;
  }

  /** What a page says of a widget that is there already: the rest is as `render` was told. */
  function amend(widget: Widget, parameters: object): void {
    const { action, cdata, callbacks } = renderOptions(parameters, page);
    const { options } = widget;
    const amended = {
      ...options,
      action: action ?? options.action,
      cdata: cdata ?? options.cdata,
      callbacks: { ...options.callbacks, ...callbacks },
    };
    widget.amend(amended, listenWith(amended));
  }

  /** Of an element without a widget, renders one and runs it; of a widget, runs it. */
  function execute(reference: Reference, parameters?: object): Promise<string> {
    const found = page.widgets.find(reference);
    if (found === undefined) render(reference, parameters);
    else if (parameters) amend(found, parameters);
    const widget = found ?? page.widgets.find(reference);
    if (widget === undefined) return Promise.reject(new TypeError("there is no such widget"));
    widget.tellAgain();
    const pass = passOf(widget).then((passed) => passed.pass);
    // Pages that wait for the callback ignore the promise: its failure is none of an unheard error.
    pass.catch(() => {});
    return pass;
  }

  const api = {
    ready: (callback: () => void) => page.whenReady(() => runSafely(callback)),
    render,
    execute,
    reset: (reference?: Reference) => page.widgets.find(reference)?.reset(),
    remove: (reference?: Reference) => page.widgets.remove(reference),
    getResponse: (reference?: Reference) => page.widgets.find(reference)?.passed?.pass,
    isExpired: (reference?: Reference) => page.widgets.find(reference)?.isExpired ?? false,
  };
  return {
    globals: { [flavour.global]: api },
    classNames: [flavour.className],
    renderElement: (element) => void render(element),
  };
}

function fieldsOf(
  { responseField, responseFieldName }: WidgetOptions,
  { field }: Flavour,
): FieldSpec[] {
  return responseField ? [{ name: responseFieldName ?? field, id: null, tag: "input" }] : [];
}
