import type { TaskId } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { RETENTION_MS } from "../../../durable-objects/client/retention.ts";
import { DispatchRig } from "../../builders/dispatch-rig.ts";
import { task, tasks } from "../../builders/tasks.ts";

const DAY_MS = 24 * 3_600_000;
const THIRTY_DAYS_S = 30 * 24 * 3_600;
const exists = (rig: DispatchRig, id: string) => rig.dispatch.tasks.get(id, rig.now).ok;
const finish = (rig: DispatchRig, id: TaskId) =>
  rig.report(
    { id, attempt: 1, event: "rows", part: 0, rows: ["result"] },
    { id, attempt: 1, event: "succeeded" },
  );

/** A client with one finished task, and a later one that it holds. */
function finished() {
  const rig = new DispatchRig().connect();
  const id = rig.scheduleOne(task({ ttlSeconds: THIRTY_DAYS_S }));
  rig.ack();
  finish(rig, id);
  rig.run(1_000).scheduleOne(task({ ttlSeconds: THIRTY_DAYS_S }));
  rig.run(1_000).ack();
  return { rig, id };
}

describe("a finished task", () => {
  it("is kept for a week and then erased with its results", () => {
    const { rig, id } = finished();
    rig.run(RETENTION_MS - DAY_MS);
    expect(rig.rows(id)).toEqual(["result"]);
    rig.run(2 * DAY_MS);
    expect(exists(rig, id)).toBe(false);
  });

  it("is kept for a week after its end, however long it waited before", () => {
    const rig = new DispatchRig();
    const id = rig.scheduleOne(task({ ttlSeconds: THIRTY_DAYS_S }));
    rig.scheduleOne(task({ ttlSeconds: THIRTY_DAYS_S }));
    rig
      .run(20 * DAY_MS)
      .connect()
      .ack();
    finish(rig, id);
    rig.run(RETENTION_MS - DAY_MS);
    expect(rig.rows(id)).toEqual(["result"]);
    rig.run(3 * DAY_MS);
    expect(exists(rig, id)).toBe(false);
  });

  it("is erased though the object sleeps between any two events", () => {
    const { rig, id } = finished();
    const end = rig.now + RETENTION_MS + 2 * DAY_MS;
    for (let wakeAt = rig.evict().dispatch.wakeAt(); wakeAt !== null && wakeAt < end; ) {
      rig.tick(Math.max(1, wakeAt - rig.now));
      wakeAt = rig.dispatch.wakeAt();
      rig.evict();
    }
    expect(exists(rig, id)).toBe(false);
  });

  it("stays while an older one is unfinished", () => {
    const rig = new DispatchRig().connect();
    const waits = rig.scheduleOne(task({ ttlSeconds: THIRTY_DAYS_S, timeoutSeconds: 86_400 }));
    rig.ack();
    rig.run(1_000);
    const id = rig.scheduleOne(task());
    rig.run(1_000).ack();
    finish(rig, id);
    rig.run(1_000);
    rig.scheduleOne(task({ ttlSeconds: THIRTY_DAYS_S }));
    rig.run(2 * RETENTION_MS);
    expect([exists(rig, waits), exists(rig, id)]).toEqual([true, true]);
  });
});

describe("erasing", () => {
  it("never lets an ordinal be given twice, restarts included", () => {
    const rig = new DispatchRig();
    const seen = new Set<string>();
    for (let week = 0; week < 4; week += 1) {
      const ids = rig.schedule(...tasks(3, { ttlSeconds: 60 }));
      const ordinals = ids.map((id) => id.slice(-7));
      for (const ordinal of ordinals) expect(seen.has(ordinal)).toBe(false);
      for (const ordinal of ordinals) seen.add(ordinal);
      rig.run(2 * RETENTION_MS).restart();
    }
  });

  it("keeps the tasks of a page that is shared with erased ones", () => {
    const rig = new DispatchRig();
    const [old = ""] = rig.schedule(...tasks(1_000, { ttlSeconds: 60 }));
    rig.run(RETENTION_MS);
    const kept = rig.schedule(...tasks(100, { ttlSeconds: 60 }));
    rig.run(2 * DAY_MS);
    expect(exists(rig, old)).toBe(false);
    expect(kept.map((id) => rig.restart().state(id))).toEqual(kept.map(() => "expired"));
  });

  it("takes thousands of calls lot by lot", () => {
    const rig = new DispatchRig();
    for (let n = 0; n < 2_500; n += 1) rig.schedule(task({ ttlSeconds: 1 }));
    rig.run(RETENTION_MS + 2 * DAY_MS);
    const list = rig.dispatch.tasks.list({ state: null, cursor: null, limit: 10_000 });
    expect(list.ok && list.value.items.length).toBe(1);
  });

  it("is not asked for while there is nothing to erase", () => {
    const rig = new DispatchRig();
    rig.schedule(task({ ttlSeconds: 60 }));
    rig.run(2 * RETENTION_MS).restart();
    expect(rig.dispatch.wakeAt()).toBeNull();
  });
});
