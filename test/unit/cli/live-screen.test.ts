import { describe, expect, it } from "vitest";
import { liveScreen } from "../../../packages/cli/src/output/live-screen.ts";
import { recordingTerminal } from "./printing.ts";

describe("a live screen", () => {
  it("draws each set of lines over the last", () => {
    const { terminal, results } = recordingTerminal({ interactive: true });
    const show = liveScreen(terminal);
    show(["one", "two"]);
    show(["three"]);
    expect(results()).toBe("\r\u001b[Jone\ntwo\n\u001b[2A\r\u001b[Jthree\n");
  });

  it("is never higher than the terminal, for what scrolled away cannot be drawn over", () => {
    const { terminal, results } = recordingTerminal({ interactive: true, rows: 3 });
    const show = liveScreen(terminal);
    show(["1", "2", "3", "4"]);
    show(["5"]);
    expect(results()).toBe("\r\u001b[J1\n2\n\u001b[2A\r\u001b[J5\n");
  });

  it("prints only what is new where it cannot draw", () => {
    const { terminal, results } = recordingTerminal();
    const show = liveScreen(terminal);
    show(["box  online", "", "tk_1 queued"]);
    show(["box  online", "", "tk_1 running"]);
    expect(results()).toBe("box  online\ntk_1 queued\ntk_1 running\n");
  });
});
