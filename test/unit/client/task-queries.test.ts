import type { TaskId } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { DispatchRig } from "../../builders/dispatch-rig.ts";
import { aCapacity } from "../../builders/frames.ts";
import { task } from "../../builders/tasks.ts";

describe("what a queued task waits for", () => {
  const waitingFor = (rig: DispatchRig, id: TaskId) => rig.task(id).waitingFor;
  const noTokens = aCapacity({ tokens: 0 });

  it("is the client, when it is offline", () => {
    const rig = new DispatchRig();
    expect(waitingFor(rig, rig.scheduleOne(task()))).toBe("offline");
  });

  it("is its operator, when the client is paused", () => {
    const rig = new DispatchRig().connect();
    rig.dispatch.setPaused(true, rig.now);
    expect(waitingFor(rig, rig.scheduleOne(task()))).toBe("paused");
  });

  it("is the client's rate", () => {
    const rig = new DispatchRig().connect({ capacity: noTokens });
    expect(waitingFor(rig, rig.scheduleOne(task()))).toBe("rate");
  });

  it("is a slot", () => {
    const rig = new DispatchRig().connect({ capacity: aCapacity({ slots: 0 }) });
    expect(waitingFor(rig, rig.scheduleOne(task()))).toBe("slots");
  });

  it("is others to join it", () => {
    const rig = new DispatchRig().connect();
    rig.scheduleOne(task());
    rig.now += 10;
    expect(waitingFor(rig, rig.scheduleOne(task()))).toBe("linger");
  });

  it("is a task of a higher priority, for as long as that waits", () => {
    const rig = new DispatchRig().connect({ capacity: noTokens });
    const low = rig.scheduleOne(task({ priority: 3 }));
    const high = rig.scheduleOne(task({ priority: 4 }));
    expect([waitingFor(rig, low), waitingFor(rig, high)]).toEqual(["priority", "rate"]);
    rig.dispatch.cancel(high, rig.now);
    expect(waitingFor(rig, low)).toBe("rate");
  });

  it("is nothing once it has left", () => {
    const rig = new DispatchRig().connect();
    expect(waitingFor(rig, rig.scheduleOne(task()))).toBeNull();
  });
});

describe("a task's id", () => {
  it("of the right ordinal and the wrong time is no task", () => {
    const rig = new DispatchRig();
    const id = rig.scheduleOne(task());
    const forged = `tk_0${id.slice(4)}`.replace("tk_01", "tk_02");
    expect(forged).not.toBe(id);
    expect(rig.dispatch.tasks.get(forged, rig.now)).toMatchObject({ error: { code: "not_found" } });
  });
});
