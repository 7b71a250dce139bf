import { describe, expect, it } from "vitest";
import { SILENCE_MS } from "../../../durable-objects/client/connection.ts";
import { SETTLE_MS } from "../../../durable-objects/client/greet.ts";
import { ACK_TIMEOUT_MS } from "../../../durable-objects/client/settle.ts";
import { accepted, leased, running, started, succeeded } from "../../builders/deliveries.ts";
import { DispatchRig } from "../../builders/dispatch-rig.ts";
import { aCapacity } from "../../builders/frames.ts";
import { task, tasks } from "../../builders/tasks.ts";

/** A word that says only that the client is there. */
const NOTHING_NEW = { type: "ack", epoch: 1, seq: 0 } as const;

describe("the course of a delivery", () => {
  it("is queued, leased, accepted, running, succeeded", () => {
    const rig = new DispatchRig();
    const id = rig.scheduleOne(task());
    expect(rig.state(id)).toBe("queued");
    rig.connect();
    expect(rig.state(id)).toBe("leased");
    rig.ack();
    expect(rig.state(id)).toBe("accepted");
    rig.report(started(id));
    expect(rig.state(id)).toBe("running");
    rig.report(succeeded(id));
    expect(rig.state(id)).toBe("succeeded");
    expect(rig.events(id)).toEqual(["queued", "sent", "accepted", "started", "succeeded"]);
  });

  it("carries the task as it was scheduled, with its attempt and its deadline", () => {
    const { rig, id } = leased(task({ args: { path: "/é\n" }, ttlSeconds: 60, timeoutSeconds: 7 }));
    expect(rig.lastBatch).toMatchObject({
      epoch: 1,
      seq: 1,
      tasks: [
        {
          id,
          attempt: 1,
          kind: "collect",
          args: { path: "/é\n" },
          priority: 5,
          timeoutMs: 7_000,
          deadline: new Date(rig.now + 60_000).toISOString(),
        },
      ],
    });
  });

  it("is answered report by report", () => {
    const { rig, id } = accepted();
    rig.report(started(id));
    expect(rig.frames.at(-1)).toEqual({ type: "reported", seq: 1 });
  });

  it("survives the object's sleep at every step", () => {
    const rig = new DispatchRig().connect().evict();
    const id = rig.scheduleOne(task());
    rig.evict().ack().evict();
    rig.report(started(id));
    rig.evict();
    rig.report(succeeded(id));
    rig.evict();
    expect(rig.state(id)).toBe("succeeded");
    expect(rig.delivered).toEqual([id]);
  });
});

describe("a batch that is not acknowledged", () => {
  it("is sent again after the ack timeout, as the next attempt", () => {
    const { rig, id } = leased();
    rig.run(ACK_TIMEOUT_MS - 1);
    expect(rig.batches).toHaveLength(1);
    rig.run(1);
    expect(rig.lastBatch).toMatchObject({ seq: 2, tasks: [{ id, attempt: 2 }] });
    expect(rig.events(id)).toEqual(["queued", "requeued", "sent"]);
  });

  it("is sent again on the next connection", () => {
    const { rig, id } = leased();
    rig.disconnect().connect();
    expect(rig.lastBatch).toMatchObject({ epoch: 2, tasks: [{ id, attempt: 2 }] });
  });

  it("is not sent again while the client is away", () => {
    const { rig, id } = leased();
    rig.disconnect().run(10 * ACK_TIMEOUT_MS);
    expect(rig.state(id)).toBe("leased");
  });

  it("goes before what was scheduled after it", () => {
    const rig = new DispatchRig();
    const first = rig.schedule(...tasks(3));
    rig.connect({ capacity: aCapacity({ slots: 4 }) }).disconnect();
    const later = rig.schedule(...tasks(3));
    rig.connect({ capacity: aCapacity({ slots: 10 }) });
    expect(rig.delivered).toEqual([...first, ...later]);
  });

  it("does not cost the client its slots each time", () => {
    const rig = new DispatchRig().connect({ capacity: aCapacity({ slots: 2 }) });
    const id = rig.scheduleOne(task({ maxAttempts: 4 }));
    for (let timeout = 0; timeout < 3; timeout += 1)
      rig.run(ACK_TIMEOUT_MS + 100).hear(NOTHING_NEW);
    expect(rig.task(id).attempt).toBe(4);
  });

  it("uses up two attempts at most on a socket that has gone silent", () => {
    const { rig, id } = leased(task({ maxAttempts: 3 }));
    rig.pings = false;
    rig.run(SILENCE_MS - 1);
    expect(rig.task(id)).toMatchObject({ state: "leased", attempt: 2 });
    rig.disconnect().connect();
    expect(rig.lastBatch.tasks).toMatchObject([{ id, attempt: 3 }]);
  });

  it("is sent a third time on a socket that has pinged since the second", () => {
    const { rig, id } = leased();
    rig.run(ACK_TIMEOUT_MS);
    rig.now += 2 * ACK_TIMEOUT_MS;
    rig.dispatch.tick(rig.now, rig.now - 1);
    expect(rig.task(id).attempt).toBe(3);
  });

  it("on a silent socket is looked at again when that must have shown that it is dead", () => {
    const { rig } = leased();
    rig.pings = false;
    const heardAt = rig.now;
    rig.run(ACK_TIMEOUT_MS);
    expect(rig.dispatch.wakeAt()).toBe(heardAt + SILENCE_MS);
  });

  it("is dead when its attempts are used up", () => {
    const rig = new DispatchRig();
    const id = rig.scheduleOne(task({ maxAttempts: 3 }));
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      rig.connect();
      expect(rig.lastBatch.tasks).toMatchObject([{ id, attempt }]);
      rig.disconnect();
    }
    rig.connect();
    expect(rig.batches).toEqual([]);
    expect(rig.state(id)).toBe("dead");
    expect(rig.task(id).timeline.at(-1)).toMatchObject({
      event: "dead",
      attempt: 3,
      note: "not acknowledged before the connection ended",
    });
  });
});

describe("a word from an older connection", () => {
  it("is not taken as an ack", () => {
    const { rig, id } = leased();
    rig.disconnect().connect();
    rig.hear({ type: "ack", epoch: 1, seq: 9 });
    expect(rig.state(id)).toBe("leased");
  });

  it("is not taken as a report", () => {
    const { rig, id } = leased();
    rig.disconnect().connect();
    rig.hear({ type: "report", epoch: 1, seq: 1, items: [succeeded(id)] });
    expect(rig.state(id)).toBe("leased");
    expect(rig.frames.filter(({ type }) => type === "reported")).toEqual([]);
  });

  it("does not change what the client can take", () => {
    const { rig } = leased();
    rig.disconnect().connect({ capacity: aCapacity({ tokens: 0 }) });
    rig.hear({ type: "ack", epoch: 1, seq: 1, capacity: aCapacity() });
    expect(rig.dispatch.connection?.capacity.rate?.tokens).toBe(0);
  });
});

describe("an ack", () => {
  it("is cumulative", () => {
    const rig = new DispatchRig().connect();
    const ids = [rig.scheduleOne(task()), rig.run(100).scheduleOne(task())];
    rig.run(100);
    expect(rig.batches).toHaveLength(2);
    rig.ack();
    expect(ids.map((id) => rig.state(id))).toEqual(["accepted", "accepted"]);
  });

  it("of the first batch leaves the second unacknowledged", () => {
    const rig = new DispatchRig().connect();
    const ids = [rig.scheduleOne(task()), rig.run(100).scheduleOne(task())];
    rig.run(100);
    rig.hear({ type: "ack", epoch: 1, seq: 1 });
    expect(ids.map((id) => rig.state(id))).toEqual(["accepted", "leased"]);
  });

  it("that was lost is made good by the report of the task", () => {
    const { rig, id } = leased();
    rig.report(succeeded(id));
    expect(rig.state(id)).toBe("succeeded");
  });

  it("that was lost is made good by what hello resumes", () => {
    const { rig, id } = leased();
    rig.disconnect().connect({ resume: { epoch: 1, seq: 1 } });
    expect(rig.state(id)).toBe("accepted");
    expect(rig.batches).toEqual([]);
  });

  it("that was lost is made good by what the client says it runs", () => {
    const { rig, id } = leased();
    rig.disconnect().connect({ running: [{ id, attempt: 1 }] });
    expect(rig.state(id)).toBe("accepted");
    expect(rig.batches).toEqual([]);
  });
});

describe("a report of an earlier attempt", () => {
  it("ends the task: the work was done", () => {
    const { rig, id } = leased();
    rig.disconnect().connect();
    rig.report(succeeded(id, 1));
    expect(rig.state(id)).toBe("succeeded");
  });

  it("takes the task out of the queue that it went back to", () => {
    const { rig, id } = running();
    rig.disconnect().connect({ running: [], capacity: aCapacity({ tokens: 0, perSecond: 0 }) });
    rig.run(SETTLE_MS);
    expect(rig.state(id)).toBe("queued");
    rig.report(succeeded(id, 1));
    rig.hear({ type: "ack", epoch: 2, seq: 0, capacity: aCapacity() });
    expect(rig.state(id)).toBe("succeeded");
    expect(rig.batches).toEqual([]);
  });

  it("of an attempt that was never made is passed over", () => {
    const { rig, id } = accepted();
    rig.report(succeeded(id, 2));
    expect(rig.state(id)).toBe("accepted");
  });
});

describe("a hello on an open connection", () => {
  it("is a fault", () => {
    const rig = new DispatchRig().connect();
    expect(rig.hear({ type: "hello", agent: "twice/1" })).toMatchObject({ closeCode: 4400 });
  });

  it("of a newer socket takes what the older was sent", () => {
    const { rig, id } = leased();
    rig.connect();
    expect(rig.lastBatch).toMatchObject({ epoch: 2, tasks: [{ id, attempt: 2 }] });
  });
});
