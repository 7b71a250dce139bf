import type { TaskId } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { SETTLE_MS } from "../../../durable-objects/client/greet.ts";
import { running, succeeded } from "../../builders/deliveries.ts";
import { DispatchRig } from "../../builders/dispatch-rig.ts";
import { aCapacity } from "../../builders/frames.ts";
import { tasks } from "../../builders/tasks.ts";

describe("a client that comes back without what it held", () => {
  it("has a grace time for reports that are on their way", () => {
    const { rig, id } = running();
    rig.disconnect().connect({ running: [] });
    rig.tick(SETTLE_MS - 1);
    rig.report(succeeded(id));
    rig.run(1);
    expect(rig.state(id)).toBe("succeeded");
    expect(rig.batches).toEqual([]);
  });

  it("is sent it again after the grace time", () => {
    const { rig, id } = running();
    rig.disconnect().connect({ running: [] });
    expect(rig.batches).toEqual([]);
    rig.run(SETTLE_MS);
    expect(rig.lastBatch).toMatchObject({ tasks: [{ id, attempt: 2 }] });
    expect(rig.task(id).timeline).toContainEqual(
      expect.objectContaining({ event: "requeued", note: "the client came back without it" }),
    );
  });

  it("has all its slots for it, whether it states them or not", () => {
    for (const capacity of [aCapacity({ slots: 16 }), undefined]) {
      const rig = new DispatchRig().connect(capacity && { capacity });
      const ids = rig.schedule(...tasks(15));
      rig.ack();
      rig.disconnect().connect({ running: [], ...(capacity && { capacity }) });
      rig.run(SETTLE_MS);
      expect(rig.delivered).toEqual(ids);
    }
  });

  it("is not taken to have a second slot for it, which would be kept for urgent work", () => {
    const capacity = aCapacity({ slots: 1 });
    const rig = new DispatchRig().connect({ capacity });
    rig.schedule(...tasks(3));
    rig.ack();
    rig
      .disconnect()
      .connect({ running: [], capacity })
      .ack({ ...capacity, slots: 0 });
    rig.hear({ type: "ack", epoch: 2, seq: 1, capacity });
    rig.run(100);
    expect(rig.delivered).toHaveLength(2);
  });

  it("is not taken to have a second slot when its reports come in before they are all taken", () => {
    const busy = aCapacity({ slots: 0 });
    const free = aCapacity({ slots: 1 });
    const rig = new DispatchRig().connect({ capacity: free });
    const [first, second] = rig.schedule(...tasks(2));
    rig.ack(busy).disconnect();
    const running = [{ id: first as TaskId, attempt: 1 }];
    rig.connect({ running, capacity: busy });
    for (const [index, event] of (["started", "succeeded"] as const).entries()) {
      const items = [{ id: first as TaskId, attempt: 1, event }];
      rig.hear({ type: "report", epoch: rig.epoch, seq: index + 1, items, capacity: free });
    }
    rig.run(1_000);
    expect(rig.delivered).toEqual([second]);
  });

  it("keeps what it still has", () => {
    const { rig, id } = running();
    rig.disconnect().connect({ running: [{ id, attempt: 1 }] });
    rig.run(SETTLE_MS);
    expect(rig.state(id)).toBe("running");
  });

  it("has fewer slots free for what it still has, where it does not state them", () => {
    const rig = new DispatchRig().connect();
    const held = rig.schedule(...tasks(10));
    rig.ack();
    rig.disconnect().connect({ running: held.map((id) => ({ id, attempt: 1 })) });
    rig.schedule(...tasks(10));
    expect(rig.delivered).toHaveLength(16 - 10 - 1);
  });

  it("is believed to have everything when it does not say", () => {
    const { rig, id } = running();
    rig.disconnect().connect();
    rig.run(SETTLE_MS);
    expect(rig.state(id)).toBe("running");
  });

  it("has no memory of ids that are none, or of no task", () => {
    const { rig } = running();
    const ids = ["tk_x", "tk_01jdrdla00000zz99"] as TaskId[];
    rig.disconnect().connect({ running: ids.map((id) => ({ id, attempt: 1 })) });
    expect(rig.frames.map(({ type }) => type)).toEqual(["welcome"]);
  });
});
