import { describe, expect, it } from "vitest";
import { tellPage } from "../../../packages/widget/src/dialects/tell-page.ts";
import type { Tell } from "../../../packages/widget/src/machine/events.ts";
import { readOptions } from "../../../packages/widget/src/options/read-options.ts";

/** The names of the callbacks that something told to a page calls. */
function calledFor(...tells: readonly Tell[]): string[] {
  const called: string[] = [];
  const names = ["open-callback", "close-callback", "timeout-callback", "chalexpired-callback"];
  const callbacks = Object.fromEntries(names.map((name) => [name, () => called.push(name)]));
  const options = readOptions(callbacks, () => undefined);
  const listen = tellPage(options, { errorArguments: () => [], expiredArguments: () => [] });
  for (const tell of tells) listen(tell);
  return called;
}

const OPENED = { kind: "panel", opens: true, dismissed: false } as const;

describe("a page", () => {
  it("hears that its visitor closed the panel", () => {
    const tells = [OPENED, { kind: "panel", opens: false, dismissed: true }] as const;
    expect(calledFor(...tells)).toEqual(["open-callback", "close-callback"]);
  });

  it("does not take a panel that closed after a pass for a visitor who gave up", () => {
    const tells = [OPENED, { kind: "panel", opens: false, dismissed: false }] as const;
    expect(calledFor(...tells)).toEqual(["open-callback"]);
  });

  it("hears under both vendors' names that a challenge ran out", () => {
    const called = calledFor({ kind: "timed_out" });
    expect(called.toSorted()).toEqual(["chalexpired-callback", "timeout-callback"]);
  });
});
