import { describe, expect, it } from "vitest";
import { type AgentEvent, narrate } from "../../../packages/cli/src/agent/narrator.ts";
import { recordingTerminal } from "./printing.ts";

const now = () => new Date("2026-01-02T03:04:05.678Z");

function line(event: AgentEvent, json = false): string {
  const { terminal, results } = recordingTerminal();
  narrate(terminal, json, now)(event);
  return results();
}

describe("what an agent tells", () => {
  it.each<[AgentEvent, string]>([
    [{ type: "connected", epoch: 8, clientId: "cl_1" }, "connected as cl_1, epoch 8"],
    [
      { type: "disconnected", code: 0, retryInMs: 1_500 },
      "disconnected (no connection), next try in 1.50 s",
    ],
    [
      { type: "disconnected", code: 4503, retryInMs: 42_000 },
      "disconnected (4503), next try in 42 s",
    ],
    [{ type: "task_done", id: "tk_1", kind: "fs.hash", ms: 12 }, "tk_1 fs.hash done in 0.01 s"],
    [
      { type: "task_stopped", id: "tk_1", kind: "exec", reason: "cancelled" },
      "tk_1 exec stopped: cancelled",
    ],
    [{ type: "journal_failed", cause: new Error("disk full") }, "the journal failed: disk full"],
    [{ type: "ended", reason: "revoked" }, "this client was revoked and will not connect again"],
  ])("is a short line with the time: %j", (event, text) => {
    expect(line(event)).toBe(`03:04:05 ${text}\n`);
  });

  it("holds nothing of the service's that steers a terminal", () => {
    const bye: AgentEvent = { type: "bye", code: 4503, reason: "\u001b[2Jlater\nconnected" };
    expect(line(bye)).toBe("03:04:05 the service said goodbye: 4503 later connected\n");
  });

  it("is one JSON object a line for scripts, an error by its message", () => {
    expect(JSON.parse(line({ type: "draining" }, true))).toEqual({
      at: "2026-01-02T03:04:05.678Z",
      type: "draining",
    });
    const failed: AgentEvent = { type: "journal_failed", cause: new Error("disk full") };
    expect(JSON.parse(line(failed, true))).toMatchObject({ cause: "disk full" });
  });
});
