import { describe, expect, it } from "vitest";
import { clientDetails } from "../../../packages/cli/src/output/client-details.ts";
import { explainWait, taskDetails } from "../../../packages/cli/src/output/task-details.ts";
import { taskTable } from "../../../packages/cli/src/output/task-table.ts";
import { watchView } from "../../../packages/cli/src/output/watch-view.ts";
import { recordingTerminal } from "./printing.ts";
import { clientView, taskView } from "./views.ts";

const { terminal } = recordingTerminal();
const person = recordingTerminal({ interactive: true, columns: 80 }).terminal;

describe("a task in detail", () => {
  it("says what it waits for, in words", () => {
    const lines = taskDetails(taskView({ waitingFor: "offline" }), terminal);
    expect(lines[0]).toBe("tk_1  queued");
    expect(lines).toContain("waiting for  the client to come online");
  });

  it("has a timeline with every event", () => {
    const timeline = [
      { at: "T1", event: "queued" },
      { at: "T2", event: "sent", attempt: 1, epoch: 8, seq: 42 },
      { at: "T3", event: "requeued", attempt: 1, note: "the socket closed" },
    ] as const;
    expect(taskDetails(taskView({ timeline }), terminal).slice(-4)).toEqual([
      "AT  EVENT     ATTEMPT  EPOCH  BATCH  NOTE",
      "T1  queued",
      "T2  sent            1      8     42",
      "T3  requeued        1                the socket closed",
    ]);
  });

  it("says why it failed, with nothing of the client's that steers a terminal", () => {
    const error = { code: "boom", message: "\u001b[2Jbroken\nqueued" };
    const lines = taskDetails(taskView({ state: "failed", error }), terminal);
    expect(lines.find((line) => line.startsWith("error"))).toMatch(/ boom: broken queued$/);
  });

  it("has words for everything that a task can wait for", () => {
    const reasons = ["rate", "slots", "offline", "paused", "linger", "priority"] as const;
    expect(new Set(reasons.map(explainWait)).size).toBe(reasons.length);
  });
});

describe("a table of tasks", () => {
  it("has a line for each", () => {
    const tasks = [taskView(), taskView({ state: "succeeded", endedAt: "2026-01-01T00:00:02Z" })];
    const [, first, second] = taskTable(tasks, terminal);
    expect(first).toMatch(/^tk_1 {2}system\.info {2}queued/);
    expect(second).toMatch(/succeeded .* 2026-01-01T00:00:02Z$/);
  });

  it("has its states in colour for a person", () => {
    expect(taskTable([taskView({ state: "failed" })], person)[1]).toContain("\u001b[31mfailed");
  });
});

describe("a client in detail", () => {
  it("says whether it is there and what it can take", () => {
    const lines = clientDetails(clientView(), terminal);
    expect(lines[0]).toBe("cl_1  online");
    expect(lines.find((line) => line.startsWith("can take"))).toMatch(
      /16 free slots, no rate limit$/,
    );
  });

  it("says when it ends, if it does by itself", () => {
    const endsIn = (changes: Parameters<typeof clientView>[0]) =>
      clientDetails(clientView(changes), terminal).filter((line) => line.startsWith("ends"));
    expect(endsIn({})).toEqual([]);
    expect(endsIn({ expiresAt: "T9" })).toEqual([expect.stringMatching(/^ends +T9$/)]);
  });

  it("says what is out of the ordinary", () => {
    const odd = clientView({ online: false, paused: true, revoked: true, cloneSuspectedAt: "T9" });
    const lines = clientDetails(odd, terminal);
    expect(lines[0]).toBe("cl_1  offline  paused  revoked");
    expect(lines).toContain("clone suspected  T9");
  });
});

describe("the live view", () => {
  it("shows queue and capacity, and for each open task how far it is or why it waits", () => {
    const client = clientView({
      queue: { queued: 7, inFlight: 2, bytes: 900, oldestAt: null },
      capacity: { tokens: 3.7, slots: 1 },
    });
    const tasks = [
      taskView({ state: "running", progress: { done: 0.5, note: "half\u0007way" } }),
      taskView({ waitingFor: "rate" }),
      taskView({ state: "succeeded", progress: { done: 1, note: null } }),
    ];
    const [heading, queue, , , running, waiting, done] = watchView(client, tasks, terminal);
    expect(heading).toBe("box  online");
    expect(queue).toBe("7 queued, 2 in flight, 1 free slots, 3 tokens");
    expect(running).toMatch(/running +████████░░░░░░░░ {2}50% halfway$/);
    expect(waiting).toMatch(/queued +waiting for rate$/);
    expect(done).toMatch(/succeeded$/);
  });
});
