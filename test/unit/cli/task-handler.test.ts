import { fail, type JsonObject, ok } from "@sluice/protocol";
import type { TaskContext } from "@sluice/sdk/node";
import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../../packages/cli/src/agent/narrator.ts";
import { taskHandler } from "../../../packages/cli/src/agent/task-handler.ts";
import type { AnyCollector } from "../../../packages/cli/src/collectors/collector.ts";

const task = {
  id: "tk_1" as TaskContext["task"]["id"],
  attempt: 1,
  kind: "test",
  args: {},
  priority: 5,
  timeoutMs: 1_000,
  deadline: "2026-01-01T00:00:00Z",
};

function handled(prepare: AnyCollector["prepare"], signal = new AbortController().signal) {
  const told: AgentEvent[] = [];
  const rows: unknown[] = [];
  const times = [100, 142];
  const collector = { kind: "test", describe: "", prepare };
  const handler = taskHandler(
    collector,
    (event) => void told.push(event),
    () => times.shift() ?? 0,
  );
  const context: TaskContext = {
    task,
    signal,
    row: async (row) => void rows.push(row),
    rows: async (some) => void rows.push(...some),
    progress: () => {},
  };
  return { told, rows, run: async (args: JsonObject = {}) => handler(args, context) };
}

describe("the handler of a collector", () => {
  it("runs it with the task's arguments and tells of start and end", async () => {
    const { told, rows, run } = handled((args) => ok((context) => context.row({ got: args })));
    await run({ a: 1 });
    expect(rows).toEqual([{ got: { a: 1 } }]);
    expect(told).toEqual([
      { type: "task_started", id: "tk_1", kind: "test" },
      { type: "task_done", id: "tk_1", kind: "test", ms: 42 },
    ]);
  });

  it("fails with a code of its own when the arguments are refused", async () => {
    const { told, run } = handled(() => fail("test: no"));
    await expect(run()).rejects.toMatchObject({ code: "invalid_args", message: "test: no" });
    expect(told.at(-1)).toMatchObject({ type: "task_failed", reason: "test: no" });
  });

  it("passes on what the collector throws", async () => {
    const { run } = handled(() => ok(() => Promise.reject(new Error("broken"))));
    await expect(run()).rejects.toThrow("broken");
  });

  it("tells a task that was stopped from one that failed", async () => {
    const aborted = AbortSignal.abort(new Error("cancelled"));
    const prepare: AnyCollector["prepare"] = () =>
      ok(async (context) => context.signal.throwIfAborted());
    const { told, run } = handled(prepare, aborted);
    await expect(run()).rejects.toThrow("cancelled");
    expect(told.at(-1)).toMatchObject({ type: "task_stopped", reason: "cancelled" });
  });
});
