import { LIMITS, type ReportItem, type TaskId } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { TASK_ENVELOPE_BYTES } from "../../../durable-objects/client/batch-text.ts";
import { SETTLE_MS } from "../../../durable-objects/client/greet.ts";
import { DispatchRig } from "../../builders/dispatch-rig.ts";
import { task } from "../../builders/tasks.ts";

/** Digits by which the attempt and the id of a task can be longer than those of a client's first. */
const ATTEMPTS_AND_ORDINALS_MORE = 10;

const once = task({ delivery: "at_most_once" });
const started = (id: TaskId): ReportItem => ({ id, attempt: 1, event: "started" });
const progress = (id: TaskId): ReportItem => ({ id, attempt: 1, event: "progress", done: 0.5 });
const rows = (id: TaskId): ReportItem => ({ id, attempt: 1, event: "rows", part: 0, rows: ["a"] });

/** A client that came back without a task that it had accepted. */
function missing(spec = once) {
  const rig = new DispatchRig().connect();
  const id = rig.scheduleOne(spec);
  rig.ack().disconnect().connect({ running: [] });
  return { rig, id };
}

describe("a batch", () => {
  it("says of a task that it must not begin twice, and nothing of the others", () => {
    const rig = new DispatchRig();
    rig.schedule(task(), once, task({ delivery: "at_least_once" }));
    rig.connect();
    expect(rig.lastBatch.tasks.map(({ delivery }) => delivery)).toEqual([
      undefined,
      "at_most_once",
      undefined,
    ]);
  });

  it("leaves room for all that stands around a task", () => {
    const rig = new DispatchRig().connect();
    const longest = { priority: 9, timeoutSeconds: LIMITS.timeoutSeconds } as const;
    rig.schedule({ ...once, ...longest, kind: "x", args: {} });
    const [text = ""] = rig.lastBatch.tasks.map((delivered) => JSON.stringify(delivered));
    const around = text.length - '"kind":"x","args":{}'.length;
    expect(around + ATTEMPTS_AND_ORDINALS_MORE).toBeLessThanOrEqual(TASK_ENVELOPE_BYTES);
  });
});

describe("a report that a client sends again after it lost a task that must not begin twice", () => {
  it.each([
    ["its start", started],
    ["its progress", progress],
    ["its rows", rows],
  ])("does not bring the task back: %s", (_name, item) => {
    const { rig, id } = missing();
    rig.report(item(id));
    rig.run(SETTLE_MS);
    expect(rig.state(id)).toBe("unknown");
  });

  it("has its rows kept", () => {
    const { rig, id } = missing();
    rig.report(rows(id));
    rig.run(SETTLE_MS);
    expect(rig.rows(id)).toEqual(["a"]);
  });

  it("brings back one that may begin again", () => {
    const { rig, id } = missing(task());
    rig.report(started(id));
    rig.run(SETTLE_MS);
    expect(rig.state(id)).toBe("running");
  });
});
