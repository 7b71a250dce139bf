import type { TaskId, TaskState } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { SETTLE_MS } from "../../../durable-objects/client/greet.ts";
import { DispatchRig, START_MS } from "../../builders/dispatch-rig.ts";
import { aCapacity } from "../../builders/frames.ts";
import { task, tasks } from "../../builders/tasks.ts";

const list = (rig: DispatchRig, limit: number, state: TaskState | null = null) => {
  const pages: TaskId[][] = [];
  let cursor: string | null = null;
  do {
    const answer = rig.dispatch.tasks.list({ state, cursor, limit });
    if (!answer.ok) throw new Error(answer.error.detail);
    pages.push(answer.value.items.map(({ id }) => id));
    cursor = answer.value.cursor;
  } while (cursor !== null);
  return pages;
};
const finish = (rig: DispatchRig, ...ids: readonly TaskId[]) =>
  rig.report(...ids.map((id) => ({ id, attempt: 1, event: "succeeded" }) as const));

describe("the list of tasks", () => {
  it("is newest first, over calls and pages, each task once", () => {
    const rig = new DispatchRig();
    const ids = [4, 1, 5].flatMap((count) => rig.schedule(...tasks(count)));
    for (const limit of [1, 3, 10, 100]) {
      const pages = list(rig, limit);
      expect(pages.flat()).toEqual([...ids].reverse());
      expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(limit);
    }
  });

  it("does not repeat or skip a task when others are scheduled while it is read", () => {
    const rig = new DispatchRig();
    const ids = rig.schedule(...tasks(6));
    const first = rig.dispatch.tasks.list({ state: null, cursor: null, limit: 3 });
    rig.schedule(...tasks(6));
    const cursor = first.ok ? first.value.cursor : null;
    const second = rig.dispatch.tasks.list({ state: null, cursor, limit: 3 });
    if (!first.ok || !second.ok) throw new Error("no list");
    const read = [...first.value.items, ...second.value.items].map(({ id }) => id);
    expect(read).toEqual([...ids].reverse());
  });

  it("shows each task in short", () => {
    const rig = new DispatchRig();
    const id = rig.scheduleOne(task({ priority: 3 }));
    expect(rig.dispatch.tasks.list({ state: null, cursor: null, limit: 1 })).toMatchObject({
      value: {
        items: [
          {
            id,
            kind: "collect",
            state: "queued",
            attempt: 0,
            priority: 3,
            createdAt: new Date(START_MS).toISOString(),
            endedAt: null,
          },
        ],
      },
    });
  });

  it("can be asked for one state", () => {
    const rig = new DispatchRig().connect();
    const ids = rig.schedule(...tasks(6));
    const done = ids.filter((_, index) => index % 2 === 0);
    rig.ack();
    finish(rig, ...done);
    expect(list(rig, 2, "succeeded").flat()).toEqual([...done].reverse());
    expect(list(rig, 2, "accepted").flat()).toHaveLength(3);
    expect(list(rig, 2, "dead").flat()).toEqual([]);
  });

  it("knows of an ack and of a start without a row being written", () => {
    const rig = new DispatchRig().connect();
    rig.scheduleOne(task());
    rig.ack();
    expect(list(rig, 5, "accepted").flat()).toHaveLength(1);
  });

  it.each(["", "x", "-1", "1.5", "0x10", "1e3", " 5"])("has no cursor %j", (cursor) => {
    const answer = new DispatchRig().dispatch.tasks.list({ state: null, cursor, limit: 5 });
    expect(answer).toMatchObject({ error: { code: "invalid_cursor" } });
  });

  it("reaches tasks of a state behind twenty thousand of another, over empty pages", () => {
    const rig = new DispatchRig().connect({ capacity: aCapacity({ slots: 3 }) });
    const [first] = rig.schedule(...tasks(2));
    rig.ack();
    if (first !== undefined) finish(rig, first);
    for (let n = 0; n < 3; n += 1) rig.schedule(...tasks(9_000));
    const pages = list(rig, 10, "succeeded");
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual([first]);
  });
});

describe("a task's timeline", () => {
  it("tells a life of two attempts in its order, with times and causes", () => {
    const rig = new DispatchRig().connect();
    const id = rig.scheduleOne(task());
    rig.tick(100).ack();
    rig.now += 100;
    rig.report({ id, attempt: 1, event: "started" });
    rig.now += 100;
    rig.disconnect().connect({ running: [] });
    rig.run(SETTLE_MS).ack();
    rig.now += 100;
    rig.report({ id, attempt: 2, event: "started" });
    rig.report({ id, attempt: 2, event: "progress", done: 1 });
    rig.now += 100;
    rig.report({ id, attempt: 2, event: "succeeded" });
    const { timeline } = rig.task(id);
    expect(timeline.map(({ event, attempt }) => [event, attempt])).toEqual([
      ["queued", undefined],
      ["requeued", 1],
      ["sent", 2],
      ["accepted", 2],
      ["started", 2],
      ["progress", 2],
      ["succeeded", 2],
    ]);
    const times = timeline.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    expect(timeline[1]).toMatchObject({ note: "the client came back without it" });
    expect(timeline[2]).toMatchObject({ epoch: 2, seq: 1 });
  });

  it("does not hold what happened to its neighbours", () => {
    const rig = new DispatchRig();
    const [one = "", two = ""] = rig.schedule(...tasks(2));
    rig.connect().ack();
    rig.dispatch.cancel(one, rig.now);
    expect(rig.events(one)).toContain("cancel_requested");
    expect(rig.events(two)).toEqual(["queued", "sent", "accepted"]);
  });
});
