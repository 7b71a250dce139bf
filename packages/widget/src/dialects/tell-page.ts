import type { PassedAnswer } from "@sluice/protocol";
import type { Tell } from "../machine/events.ts";
import type { CallbackName, WidgetOptions } from "../options/options.ts";
import type { Fault } from "../service/faults.ts";
import type { Listener, Widget } from "../widget/widget.ts";

/** How a dialect words what a page is told. */
export interface Wording {
  /** Arguments of the error callback. */
  readonly errorArguments: (fault: Fault) => readonly unknown[];
  /** Arguments of the expired callback. */
  readonly expiredArguments: (passed: PassedAnswer) => readonly unknown[];
}

/** Hands what happens to the functions that a page gave. One that throws harms nobody but itself. */
export function tellPage({ callbacks }: WidgetOptions, wording: Wording): Listener {
  const call = (name: CallbackName, said: readonly unknown[] = []) => {
    const callback = callbacks[name];
    if (callback === undefined) return undefined;
    return runSafely(() => callback(...said));
  };
  return (tell) => {
    switch (tell.kind) {
      case "passed":
        return void call("callback", [tell.passed.pass]);
      case "failed":
        return tellFault(tell.fault, call, wording);
      case "expired":
        return void call("expiredcallback", wording.expiredArguments(tell.passed));
      case "timed_out":
        call("chalexpiredcallback");
        return void call("timeoutcallback");
      case "interactive":
        return void call(tell.begins ? "beforeinteractivecallback" : "afterinteractivecallback");
      case "panel":
        if (tell.opens) return void call("opencallback");
        return tell.dismissed ? void call("closecallback") : undefined;
      case "wrong_place":
        return;
    }
  };
}

/** A fault that the page does not answer for is left in the console, where its maker looks. */
function tellFault(
  fault: Fault,
  call: (name: CallbackName, said?: readonly unknown[]) => unknown,
  { errorArguments }: Wording,
): void {
  if (fault === "unsupported") call("unsupportedcallback");
  const isHandled = call("errorcallback", errorArguments(fault));
  if (isHandled !== true && fault !== "closed") console.warn(`Sluice: ${fault}`);
}

/** Runs a function of the page; what it throws goes to the page's own error handling. */
export function runSafely(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    reportError(error);
    return undefined;
  }
}

/** Why there is no pass; `message` is the fault. */
export class NoPassError extends Error {
  override readonly name = "NoPassError";
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault);
    this.fault = fault;
  }
}

/** Runs a widget until it has a pass; rejects with {@link NoPassError} when it comes to none. */
export function passOf(widget: Widget): Promise<PassedAnswer> {
  const { passed } = widget;
  if (passed !== null) return Promise.resolve(passed);
  return new Promise((resolve, reject) => {
    const stop = widget.listen((tell: Tell) => {
      if (tell.kind === "passed") resolve(tell.passed);
      else if (tell.kind === "failed") reject(new NoPassError(tell.fault));
      else return;
      stop();
    });
    widget.run();
  });
}

/** As {@link passOf}, by a new check: whoever asks again is taken to have sent the pass that is held. */
export function newPassOf(widget: Widget): Promise<PassedAnswer> {
  if (widget.passed !== null) widget.reset();
  return passOf(widget);
}
