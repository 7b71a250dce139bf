import type { TaskId } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { SETTLE_MS } from "../../../durable-objects/client/greet.ts";
import { DispatchRig } from "../../builders/dispatch-rig.ts";
import { aCapacity } from "../../builders/frames.ts";
import { task, tasks } from "../../builders/tasks.ts";

/** A thousand tasks lie on two pages of records at most. */
const MANY = 1_000;
const PAGES = 2;
const ample = aCapacity({ burst: 100, perSecond: 100, tokens: 100, slots: 10_000 });
const connected = () => new DispatchRig().connect({ capacity: ample });
const all = (ids: readonly TaskId[], event: "started" | "succeeded") =>
  ids.map((id) => ({ id, attempt: 1, event }) as const);

describe("the rows that an event writes, for a thousand tasks", () => {
  it("are one for an enqueue call while the client is away", () => {
    const rig = new DispatchRig();
    expect(rig.rowsWrittenBy(() => rig.schedule(...tasks(MANY)))).toBe(1);
  });

  it("are one for each page when a frame leaves", () => {
    const rig = connected();
    expect(rig.rowsWrittenBy(() => rig.schedule(...tasks(MANY)))).toBeLessThanOrEqual(1 + PAGES);
  });

  it("are at most one for each page for an ack", () => {
    const rig = connected();
    rig.schedule(...tasks(MANY));
    expect(rig.rowsWrittenBy(() => rig.ack())).toBeLessThanOrEqual(PAGES);
  });

  it("are at most one for each page for a report of starts or of ends", () => {
    const rig = connected();
    const ids = rig.schedule(...tasks(MANY));
    rig.ack();
    expect(rig.rowsWrittenBy(() => rig.report(...all(ids, "started")))).toBeLessThanOrEqual(PAGES);
    expect(rig.rowsWrittenBy(() => rig.report(...all(ids, "succeeded")))).toBeLessThanOrEqual(
      PAGES,
    );
  });

  it("are one more for all rows of a report", () => {
    const rig = connected();
    const ids = rig.schedule(...tasks(MANY));
    const written = rig.rowsWrittenBy(() =>
      rig.report(
        ...ids.map((id) => ({ id, attempt: 1, event: "rows", part: 0, rows: [1] }) as const),
      ),
    );
    expect(written).toBeLessThanOrEqual(PAGES + 1);
  });

  it("are one more for all exceptions of one turn", () => {
    const rig = connected();
    rig.schedule(...tasks(MANY));
    rig.ack();
    rig.disconnect().connect({ running: [], capacity: { ...ample, tokens: 0, perSecond: 0 } });
    expect(rig.rowsWrittenBy(() => rig.tick(SETTLE_MS))).toBeLessThanOrEqual(PAGES + 1);
    expect(rig.dispatch.queue.queued).toBe(MANY);
  });

  it("are none for a hello with nothing to square", () => {
    const rig = connected();
    expect(rig.rowsWrittenBy(() => rig.disconnect().connect())).toBe(0);
  });

  it("are none for looking", () => {
    const rig = connected();
    const id = rig.scheduleOne(task());
    const written = rig.rowsWrittenBy(() => {
      rig.task(id);
      rig.rows(id);
      rig.dispatch.tasks.list({ state: null, cursor: null, limit: 100 });
    });
    expect(written).toBe(0);
  });

  it("are fewer than three hundredths a task over its whole life", () => {
    const rig = connected();
    const written = rig.rowsWrittenBy(() => {
      for (let n = 0; n < 10; n += 1) {
        const ids = rig.schedule(...tasks(MANY));
        rig.ack(ample);
        rig.report(...all(ids, "started"));
        rig.report(...all(ids, "succeeded"));
        rig.run(1_000);
      }
    });
    expect(rig.dispatch.queue).toMatchObject({ queued: 0, inFlight: 0 });
    expect(written / (10 * MANY)).toBeLessThan(0.03);
  });
});
