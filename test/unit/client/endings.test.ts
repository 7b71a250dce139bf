import type { ReportItem, TaskId, TaskSpec } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { SETTLE_MS } from "../../../durable-objects/client/greet.ts";
import { ACK_TIMEOUT_MS, OVERDUE_GRACE_MS } from "../../../durable-objects/client/settle.ts";
import { DispatchRig } from "../../builders/dispatch-rig.ts";
import { aCapacity } from "../../builders/frames.ts";
import { task, tasks } from "../../builders/tasks.ts";

const item = (
  id: TaskId,
  event: "started" | "succeeded" | "cancelled",
  attempt = 1,
): ReportItem => ({
  id,
  attempt,
  event,
});

/** One task brought to a state of its life. */
function taskIn(state: "queued" | "leased" | "accepted" | "running", spec: Partial<TaskSpec> = {}) {
  const rig = new DispatchRig();
  const id = rig.scheduleOne(task(spec));
  if (state !== "queued") rig.connect();
  if (state === "accepted" || state === "running") rig.ack();
  if (state === "running") rig.report(item(id, "started"));
  expect(rig.state(id)).toBe(state);
  return { rig, id };
}

const cancel = (rig: DispatchRig, id: TaskId) => rig.dispatch.cancel(id, rig.now);
const cancelFrames = (rig: DispatchRig) => rig.frames.filter(({ type }) => type === "cancel");

describe("cancelling", () => {
  it("ends a queued task at once; it is never sent", () => {
    const { rig, id } = taskIn("queued");
    expect(cancel(rig, id)).toMatchObject({ value: { state: "cancelled" } });
    rig.connect();
    expect(rig.batches).toEqual([]);
  });

  it.each(["leased", "accepted", "running"] as const)(
    "asks the client for a task that is %s; the client has the last word",
    (state) => {
      const { rig, id } = taskIn(state);
      expect(cancel(rig, id)).toMatchObject({ value: { state } });
      expect(cancelFrames(rig)).toEqual([{ type: "cancel", ids: [id] }]);
      rig.report(item(id, "cancelled"));
      expect(rig.state(id)).toBe("cancelled");
      expect(rig.events(id).slice(-2)).toEqual(["cancel_requested", "cancelled"]);
    },
  );

  it("comes too late for a task that the client finished first", () => {
    const { rig, id } = taskIn("running");
    cancel(rig, id);
    rig.report(item(id, "succeeded"));
    expect(rig.state(id)).toBe("succeeded");
  });

  it("is asked once, however often it is called", () => {
    const { rig, id } = taskIn("running");
    cancel(rig, id);
    cancel(rig, id);
    expect(cancelFrames(rig)).toHaveLength(1);
    expect(rig.events(id).filter((event) => event === "cancel_requested")).toHaveLength(1);
  });

  it("is said again to a client that comes back with the task", () => {
    const { rig, id } = taskIn("running");
    rig.disconnect();
    cancel(rig, id);
    rig.connect({ running: [{ id, attempt: 1 }] });
    expect(cancelFrames(rig)).toEqual([{ type: "cancel", ids: [id] }]);
  });

  it("is said to a client that still holds a task which has ended meanwhile", () => {
    const { rig, id } = taskIn("leased", { ttlSeconds: 30 });
    rig.disconnect().run(31_000);
    expect(rig.state(id)).toBe("expired");
    rig.connect({ running: [{ id, attempt: 1 }] });
    expect(cancelFrames(rig)).toEqual([{ type: "cancel", ids: [id] }]);
  });

  it("ends a task that its client lost", () => {
    const { rig, id } = taskIn("running");
    cancel(rig, id);
    rig.disconnect().connect({ running: [] });
    rig.run(SETTLE_MS);
    expect(rig.state(id)).toBe("cancelled");
  });

  it("ends a task whose batch was never acknowledged", () => {
    const { rig, id } = taskIn("leased");
    cancel(rig, id);
    rig.run(ACK_TIMEOUT_MS);
    expect(rig.state(id)).toBe("cancelled");
    expect(rig.batches).toHaveLength(1);
  });

  it("answers the same again for a cancelled task, and conflict for one that ended otherwise", () => {
    const { rig, id } = taskIn("queued");
    cancel(rig, id);
    expect(cancel(rig, id)).toMatchObject({ ok: true, value: { state: "cancelled" } });
    const done = taskIn("running");
    done.rig.report(item(done.id, "succeeded"));
    expect(cancel(done.rig, done.id)).toMatchObject({ ok: false, error: { code: "conflict" } });
  });

  it.each(["tk_", "tk_01jdrdla00000zz99", "nonsense"])("knows no task %s", (id) => {
    const { rig } = taskIn("queued");
    expect(rig.dispatch.cancel(id, rig.now)).toMatchObject({ error: { code: "not_found" } });
  });
});

describe("a task that must not run twice", () => {
  const once = { delivery: "at_most_once" } as const;

  it("is unknown when its batch is not acknowledged", () => {
    const { rig, id } = taskIn("leased", once);
    rig.run(ACK_TIMEOUT_MS);
    expect(rig.state(id)).toBe("unknown");
    expect(rig.batches).toHaveLength(1);
  });

  it("is unknown when the client comes back without it, and never sent again", () => {
    for (const state of ["leased", "accepted", "running"] as const) {
      const { rig, id } = taskIn(state, once);
      rig.disconnect().connect({ running: [] });
      rig.run(SETTLE_MS);
      expect(rig.state(id)).toBe("unknown");
      expect(rig.batches).toEqual([]);
    }
  });

  it("has its grace time for a report even after a long absence", () => {
    const { rig, id } = taskIn("leased", once);
    rig.disconnect().run(60 * ACK_TIMEOUT_MS);
    rig.connect({ running: [] });
    rig.run(SETTLE_MS - 1);
    rig.report(item(id, "succeeded"));
    expect(rig.state(id)).toBe("succeeded");
  });

  it("may be sent when it was never sent", () => {
    const { rig, id } = taskIn("queued", once);
    rig.restart().connect();
    expect(rig.delivered).toEqual([id]);
  });
});

describe("a task that crashes its client", () => {
  it("is dead the third time", () => {
    const rig = new DispatchRig();
    const id = rig.scheduleOne(task());
    rig.connect();
    for (let crash = 1; crash <= 3; crash += 1) {
      rig.ack();
      rig.report(item(id, "started", crash));
      rig.disconnect().connect({ running: [] });
      rig.run(SETTLE_MS);
    }
    expect(rig.state(id)).toBe("dead");
    expect(rig.events(id).filter((event) => event === "requeued")).toHaveLength(2);
  });

  it("is dead by the client's own word that it is poisoned", () => {
    const { rig, id } = taskIn("running");
    const error = { code: "poisoned", message: "three crashes" };
    rig.report({ id, attempt: 1, event: "failed", error });
    expect(rig.task(id)).toMatchObject({ state: "dead", error });
  });
});

describe("time", () => {
  it("ends a queued task at its deadline, whether the client is there or not", () => {
    const offline = taskIn("queued", { ttlSeconds: 60 });
    offline.rig.run(59_999);
    expect(offline.rig.state(offline.id)).toBe("queued");
    offline.rig.run(1_001);
    expect(offline.rig.state(offline.id)).toBe("expired");

    const rig = new DispatchRig().connect({ capacity: aCapacity({ tokens: 0, perSecond: 0 }) });
    const id = rig.scheduleOne(task({ ttlSeconds: 60 }));
    rig.run(61_000);
    expect(rig.state(id)).toBe("expired");
    expect(rig.task(id).timeline.at(-1)).toMatchObject({ note: "not sent before its deadline" });
  });

  it("ends a task whose client comes back after its deadline, before the clock has seen it", () => {
    const { rig, id } = taskIn("queued", { ttlSeconds: 60 });
    rig.now += 60_000;
    rig.connect();
    expect(rig.batches).toEqual([]);
    expect(rig.state(id)).toBe("expired");
  });

  it("ends every task that is due at once, not every other call's", () => {
    const rig = new DispatchRig();
    const ids = Array.from({ length: 6 }, () => rig.scheduleOne(task({ ttlSeconds: 60 })));
    rig.run(61_000);
    expect(ids.map((id) => rig.state(id))).toEqual(ids.map(() => "expired"));
    expect(rig.dispatch.queue.queued).toBe(0);
  });

  it("ends the due ones of a call and leaves the others", () => {
    const rig = new DispatchRig();
    const [brief = "", long = ""] = rig.schedule(
      task({ ttlSeconds: 10 }),
      task({ ttlSeconds: 1_000 }),
    );
    rig.run(12_000);
    expect([rig.state(brief), rig.state(long)]).toEqual(["expired", "queued"]);
  });

  it("ends a task that went back to the queue at its deadline, not later", () => {
    const rig = new DispatchRig().connect();
    rig.schedule(task({ ttlSeconds: 20 }));
    const id = rig.scheduleOne(task({ ttlSeconds: 100, timeoutSeconds: 3_600 }));
    rig.run(1_000).ack();
    rig.run(30_000);
    rig.disconnect().connect({ running: [], capacity: aCapacity({ tokens: 0, perSecond: 0 }) });
    rig.run(SETTLE_MS);
    expect(rig.state(id)).toBe("queued");
    rig.run(61_000);
    expect(rig.state(id)).toBe("expired");
  });

  it("ends a sent task at its deadline when nobody took it", () => {
    const { rig, id } = taskIn("leased", { ttlSeconds: 60 });
    rig.disconnect().run(61_000);
    expect(rig.state(id)).toBe("expired");
  });

  it.each([
    ["accepted", "expired"],
    ["running", "dead"],
  ] as const)("gives a task that is %s the time to run, then it is %s", (state, end) => {
    const { rig, id } = taskIn(state, { ttlSeconds: 60, timeoutSeconds: 30 });
    rig.run(60_000 + 30_000 + OVERDUE_GRACE_MS - 1);
    expect(rig.state(id)).toBe(state);
    rig.run(1_001);
    expect(rig.state(id)).toBe(end);
    expect(rig.task(id).timeline.at(-1)).toMatchObject({
      note: "the client never reported its end",
    });
  });

  it("is counted from the start for a task that started late", () => {
    const { rig, id } = taskIn("accepted", { ttlSeconds: 60, timeoutSeconds: 30 });
    rig.run(80_000);
    rig.report(item(id, "started"));
    rig.run(30_000 + OVERDUE_GRACE_MS - 1);
    expect(rig.state(id)).toBe("running");
    rig.run(1_001);
    expect(rig.state(id)).toBe("dead");
  });

  it("leaves no trace in memory of tasks that ended", () => {
    const rig = new DispatchRig();
    rig.schedule(...tasks(50, { ttlSeconds: 60 }));
    rig.run(61_000);
    expect(rig.dispatch.queue).toEqual({ queued: 0, inFlight: 0, bytes: 0, oldestAt: null });
  });
});
