import { describe, expect, it } from "vitest";
import { progressBar } from "../../../packages/cli/src/output/progress-bar.ts";
import { recordingTerminal } from "./printing.ts";

describe("a terminal", () => {
  it("has colours for a person", () => {
    const { terminal } = recordingTerminal({ interactive: true });
    expect(terminal.colours.red("x")).toBe("\u001b[31mx\u001b[39m");
  });

  it.each([
    ["output goes to a file", { interactive: false }],
    ["NO_COLOR is set", { interactive: true, environment: { NO_COLOR: "1" } }],
    ["the terminal is dumb", { interactive: true, environment: { TERM: "dumb" } }],
  ])("has none when %s", (_when, surroundings) => {
    expect(recordingTerminal(surroundings).terminal.colours.red("x")).toBe("x");
  });

  it("has the width of its screen, and no bound without one", () => {
    expect(recordingTerminal({ interactive: true, columns: 40 }).terminal.width).toBe(40);
    expect(recordingTerminal({ columns: 40 }).terminal.width).toBeGreaterThan(10_000);
  });

  it("keeps notes apart from results", () => {
    const { terminal, results, notes } = recordingTerminal();
    terminal.print("one", "two");
    terminal.note("careful");
    expect([results(), notes()]).toEqual(["one\ntwo\n", "careful\n"]);
  });
});

describe("a progress bar", () => {
  it.each([
    [0, "░░░░   0%"],
    [0.5, "██░░  50%"],
    [0.999, "███░  99%"],
    [1, "████ 100%"],
    [7, "████ 100%"],
    [-1, "░░░░   0%"],
    [Number.NaN, "░░░░   0%"],
  ])("of %d is %s", (done, bar) => {
    expect(progressBar(done, 4)).toBe(bar);
  });
});
