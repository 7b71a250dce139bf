import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { AgentEvents } from "../../../scripts/demo/agent-events.ts";
import { agentArguments } from "../../../scripts/demo/agent-process.ts";

const SETUP = { url: "http://127.0.0.1:1", name: "machine", stateDirectory: "/tmp/a", slots: 7 };

describe("an agent's command line", () => {
  test("holds no secret, which other users could read in the list of processes", () => {
    const line = agentArguments({ ...SETUP, enrolToken: "et_secret" });
    expect(line.join(" ")).not.toContain("et_secret");
  });

  test("has a rate only where there is a limiter", () => {
    expect(agentArguments(SETUP)).not.toContain("--burst");
    const limited = agentArguments({ ...SETUP, limiter: { burst: 10, perSecond: 0.5 } });
    expect(limited.slice(limited.indexOf("--burst"))).toEqual([
      "--burst",
      "10",
      "--per-second",
      "0.5",
    ]);
  });
});

describe("what an agent tells", () => {
  test("is counted by its type", async () => {
    const output = new PassThrough();
    const events = new AgentEvents(output);
    const ended = events.next("ended");
    output.write('{"type":"task_done"}\n{"type":"task_done"}\n{"type":"ended"}\n');
    await ended;
    expect([events.count("task_done"), events.count("task_failed")]).toEqual([2, 0]);
  });

  test("is waited for by its type, whatever comes before", async () => {
    const output = new PassThrough();
    const connected = new AgentEvents(output).next("connected");
    output.write('{"type":"enrolled","clientId":"cl_1"}\n{"type":"connected","clientId":"cl_2"}\n');
    expect(await connected).toEqual({ type: "connected", clientId: "cl_2" });
  });
});
