import { LIMITS, type TaskId } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { DispatchRig } from "../../builders/dispatch-rig.ts";
import { aCapacity } from "../../builders/frames.ts";
import { task, tasks } from "../../builders/tasks.ts";

const ample = aCapacity({ burst: 100, perSecond: 100, tokens: 100, slots: 10_000 });
const finish = (rig: DispatchRig, ids: readonly TaskId[], capacity = ample) =>
  rig.hear({
    type: "report",
    epoch: rig.epoch,
    seq: rig.now,
    items: ids.map((id) => ({ id, attempt: 1, event: "succeeded" }) as const),
    capacity,
  });

describe("a lone task", () => {
  it("leaves with the call that schedules it", () => {
    const rig = new DispatchRig().connect();
    const id = rig.scheduleOne(task());
    expect(rig.delivered).toEqual([id]);
  });

  it("leaves with hello when it was waiting", () => {
    const rig = new DispatchRig();
    const id = rig.scheduleOne(task());
    rig.connect();
    expect(rig.frames.map(({ type }) => type)).toEqual(["welcome", "batch"]);
    expect(rig.delivered).toEqual([id]);
  });
});

describe("many tasks", () => {
  it("of one call leave in one frame", () => {
    const rig = new DispatchRig().connect({ capacity: ample });
    const ids = rig.schedule(...tasks(500));
    expect(rig.batches).toHaveLength(1);
    expect(rig.delivered).toEqual(ids);
  });

  it("leave in frames that hold no more than a frame may", () => {
    const rig = new DispatchRig().connect({ capacity: ample });
    const ids = rig.schedule(...tasks(2_500));
    rig.run(1_000);
    expect(rig.batches.map((batch) => batch.tasks.length)).toEqual([1_000, 1_000, 500]);
    expect(rig.delivered).toEqual(ids);
  });

  it("leave in frames that are no larger than a frame may be", () => {
    const rig = new DispatchRig().connect({ capacity: ample });
    rig.schedule(...tasks(20, { args: { pad: "é".repeat(60_000) } }));
    rig.run(1_000);
    expect(rig.delivered).toHaveLength(20);
    for (const batch of rig.batches) {
      expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(LIMITS.batchFrameBytes);
    }
  });

  it("leave as slots become free, with no time between", () => {
    const rig = new DispatchRig().connect({ capacity: aCapacity({ slots: 3 }) });
    const ids = rig.schedule(...tasks(4));
    rig.ack();
    expect(rig.delivered).toEqual(ids.slice(0, 2));
    rig.run(1_000);
    expect(rig.delivered).toEqual(ids.slice(0, 2));
    finish(rig, ids.slice(0, 2), aCapacity({ slots: 3 }));
    expect(rig.delivered).toEqual(ids);
  });

  it("of calls in a loop gather into few frames", () => {
    const rig = new DispatchRig().connect({ capacity: ample });
    for (let n = 0; n < 100; n += 1) {
      rig.scheduleOne(task());
      rig.run(5);
    }
    rig.run(1_000);
    expect(rig.delivered).toHaveLength(100);
    expect(rig.batches.length).toBeLessThan(15);
  });
});

describe("an urgent task", () => {
  it("overtakes a backlog of five hundred within one frame", () => {
    const capacity = aCapacity({ tokens: 3, slots: 20 });
    const rig = new DispatchRig().connect({ capacity });
    rig.schedule(...tasks(500));
    rig.ack({ ...capacity, tokens: 2, slots: 1 });
    const frames = rig.batches.length;
    const urgent = rig.scheduleOne(task({ priority: 9 }));
    expect(rig.batches).toHaveLength(frames + 1);
    expect(rig.lastBatch.tasks.map(({ id }) => id)).toEqual([urgent]);
  });

  it("goes first in its frame, and others ride along but not into the reserve", () => {
    const rig = new DispatchRig();
    const ordinary = rig.schedule(...tasks(10));
    const urgent = rig.scheduleOne(task({ priority: 9 }));
    rig.connect({ capacity: aCapacity({ slots: 4 }) });
    expect(rig.delivered).toEqual([urgent, ...ordinary.slice(0, 3)]);
  });

  it("finds its slot kept though ordinary work fills the rest", () => {
    const rig = new DispatchRig().connect({ capacity: aCapacity({ slots: 4 }) });
    rig.schedule(...tasks(10));
    expect(rig.delivered).toHaveLength(3);
    const urgent = rig.scheduleOne(task({ priority: 9 }));
    expect(rig.delivered.at(-1)).toBe(urgent);
    rig.scheduleOne(task({ priority: 9 }));
    expect(rig.delivered).toHaveLength(4);
  });

  it("that was cancelled or has expired spends no reserve", () => {
    const capacity = aCapacity({ burst: 10, tokens: 0, perSecond: 0.1 });
    const rig = new DispatchRig().connect({ capacity });
    const urgent = rig.scheduleOne(task({ priority: 9 }));
    rig.scheduleOne(task());
    rig.dispatch.cancel(urgent, rig.now);
    rig.run(12_000);
    expect(rig.batches).toEqual([]);
    rig.run(10_000);
    expect(rig.batches).toHaveLength(1);
  });
});

describe("fairness", () => {
  it("lets a person's one task leave with the first of a script's five hundred", () => {
    const rig = new DispatchRig();
    rig.schedule(...tasks(500, { fairnessKey: "script" }));
    const one = rig.scheduleOne(task({ fairnessKey: "person" }));
    rig.connect({ capacity: aCapacity({ slots: 4 }) });
    expect(rig.delivered).toContain(one);
  });
});

describe("a paused client", () => {
  it("is sent nothing, urgent or not, until it goes on", () => {
    const rig = new DispatchRig().connect();
    rig.dispatch.setPaused(true, rig.now);
    const ids = [rig.scheduleOne(task({ priority: 9 })), rig.scheduleOne(task())];
    rig.run(60_000);
    expect(rig.batches).toEqual([]);
    rig.dispatch.setPaused(false, rig.now);
    expect(rig.delivered).toEqual(ids);
  });

  it("still acknowledges, reports and is told of cancels", () => {
    const rig = new DispatchRig().connect();
    const [first = "", second = ""] = rig.schedule(...tasks(2));
    rig.dispatch.setPaused(true, rig.now);
    rig.ack();
    rig.report({ id: rig.delivered[0] ?? ("" as TaskId), attempt: 1, event: "succeeded" });
    rig.dispatch.cancel(second, rig.now);
    expect(rig.state(first)).toBe("succeeded");
    expect(rig.frames.at(-1)).toEqual({ type: "cancel", ids: [second] });
  });
});

describe("the clock of a client that", () => {
  it("is offline is armed for deadlines and old results alone", () => {
    const rig = new DispatchRig();
    expect(rig.dispatch.wakeAt()).toBeNull();
    rig.schedule(task({ ttlSeconds: 60 }));
    expect(rig.dispatch.wakeAt()).toBe(rig.now + 60_000);
  });

  it("holds no unfinished task does not wake it within the hour", () => {
    const rig = new DispatchRig().connect();
    const id = rig.scheduleOne(task());
    rig.ack();
    finish(rig, [id]);
    expect(rig.dispatch.wakeAt() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(rig.now + 3_600_000);
  });
});
