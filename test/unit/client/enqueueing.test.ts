import type { TaskId, TaskSpec } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { MAX_QUEUED_BYTES, MAX_QUEUED_TASKS } from "../../../durable-objects/client/enqueue.ts";
import { RETENTION_MS } from "../../../durable-objects/client/retention.ts";
import { DispatchRig } from "../../builders/dispatch-rig.ts";
import { encoded } from "../../builders/encoded.ts";
import { task, tasks } from "../../builders/tasks.ts";

const keyed = (idempotencyKey: string) => task({ idempotencyKey });
const schedule = (rig: DispatchRig, ...specs: readonly TaskSpec[]) => {
  const answer = rig.dispatch.schedule(encoded(specs), rig.now);
  if (!answer.ok) throw new Error(answer.error.detail);
  return answer.value;
};
const finishAll = (rig: DispatchRig, ids: readonly TaskId[]) =>
  rig.report(...ids.map((id) => ({ id, attempt: 1, event: "succeeded" }) as const));

describe("a call", () => {
  it("is answered task by task, in its order", () => {
    const rig = new DispatchRig();
    const answer = schedule(rig, ...tasks(3));
    expect(answer.map(({ state, duplicate }) => ({ state, duplicate }))).toEqual(
      tasks(3).map(() => ({ state: "queued", duplicate: false })),
    );
    expect(answer.map(({ id }) => rig.task(id).args)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  });

  it("keeps the options of each task", () => {
    const rig = new DispatchRig();
    const [first = "", second = ""] = rig.schedule(
      task({ priority: 2, delivery: "at_most_once" }),
      task({ fairnessKey: "ops", maxAttempts: 9, timeoutSeconds: 5, idempotencyKey: "a" }),
    );
    expect(rig.task(first)).toMatchObject({
      priority: 2,
      delivery: "at_most_once",
      fairnessKey: null,
      idempotencyKey: null,
    });
    expect(rig.restart().task(second)).toMatchObject({
      priority: 5,
      delivery: "at_least_once",
      fairnessKey: "ops",
      maxAttempts: 9,
      timeoutSeconds: 5,
      idempotencyKey: "a",
    });
  });

  it("whose text does not fit a row is stored in several", () => {
    const rig = new DispatchRig();
    const big = tasks(12, { args: { pad: "é".repeat(120_000) } });
    const ids = rig.schedule(...big);
    expect(new Set(ids).size).toBe(12);
    rig.restart().connect();
    rig.run(1_000);
    expect(rig.delivered).toEqual(ids.slice(0, 15));
    expect(rig.batches.length).toBeGreaterThan(2);
  });
});

describe("an idempotency key", () => {
  it("names one task within a call", () => {
    const rig = new DispatchRig();
    const [first, second, third] = schedule(rig, keyed("a"), keyed("b"), keyed("a"));
    expect(third).toEqual({ id: first?.id, state: "queued", duplicate: true });
    expect(second?.duplicate).toBe(false);
    expect(rig.dispatch.queue.queued).toBe(2);
  });

  it("names one task across calls, and tells its state", () => {
    const rig = new DispatchRig().connect();
    const [first] = schedule(rig, keyed("a"));
    expect(schedule(rig, keyed("a"))).toEqual([
      { id: first?.id, state: "leased", duplicate: true },
    ]);
    finishAll(rig, first ? [first.id] : []);
    expect(schedule(rig, task(), keyed("a"))).toMatchObject([
      { duplicate: false },
      { id: first?.id, state: "succeeded", duplicate: true },
    ]);
  });

  it("outlives a restart", () => {
    const rig = new DispatchRig();
    const [first] = schedule(rig, task(), keyed("a"), keyed("b")).slice(1);
    rig.restart();
    expect(schedule(rig, keyed("a"))).toEqual([
      { id: first?.id, state: "queued", duplicate: true },
    ]);
  });

  it("is free again when its task has been erased", () => {
    const rig = new DispatchRig().connect();
    const [first] = schedule(rig, keyed("a"));
    finishAll(rig, first ? [first.id] : []);
    schedule(rig, task());
    rig.run(2 * RETENTION_MS);
    const [again] = schedule(rig, keyed("a"));
    expect(again).toMatchObject({ duplicate: false });
    expect(again?.id).not.toBe(first?.id);
  });

  it("of tasks that are all known is answered even when the queue is full", () => {
    const rig = new DispatchRig();
    const first = schedule(rig, keyed("a"));
    for (let left = MAX_QUEUED_TASKS - 1; left > 0; left -= 9_999) {
      rig.schedule(...tasks(Math.min(left, 9_999)));
    }
    expect(schedule(rig, keyed("a"))).toEqual([{ ...first[0], duplicate: true }]);
  });
});

describe("a full queue", () => {
  const refusal = (rig: DispatchRig, ...specs: readonly TaskSpec[]) =>
    rig.dispatch.schedule(encoded(specs), rig.now);

  it("refuses a call of too many tasks whole, and stores nothing", () => {
    const rig = new DispatchRig();
    for (let n = 0; n < MAX_QUEUED_TASKS / 10_000; n += 1) rig.schedule(...tasks(10_000));
    const written = rig.rowsWrittenBy(() => {
      expect(refusal(rig, task())).toMatchObject({
        error: { code: "queue_full", retryAfterSeconds: expect.any(Number) },
      });
    });
    expect(written).toBe(0);
    expect(rig.dispatch.queue.queued).toBe(MAX_QUEUED_TASKS);
  });

  it("refuses a call of too many bytes whole, and stores nothing", () => {
    const rig = new DispatchRig();
    const big = tasks(32, { args: { pad: "x".repeat(256_000) } });
    const callBytes = encoded(big).lines.length;
    for (let bytes = callBytes; bytes <= MAX_QUEUED_BYTES; bytes += callBytes) rig.schedule(...big);
    const before = rig.dispatch.queue;
    const written = rig.rowsWrittenBy(() => {
      expect(refusal(rig, ...big)).toMatchObject({ error: { code: "queue_bytes_exceeded" } });
    });
    expect(written).toBe(0);
    expect(rig.dispatch.queue).toEqual(before);
  });

  it("has room again when tasks have left it", () => {
    const rig = new DispatchRig();
    for (let n = 0; n < MAX_QUEUED_TASKS / 10_000; n += 1) rig.schedule(...tasks(10_000));
    rig.connect();
    expect(refusal(rig, task()).ok).toBe(true);
  });
});

describe("a retry", () => {
  it("is a new task with the same work that names the old one", () => {
    const rig = new DispatchRig().connect();
    const spec = task({ priority: 7, ttlSeconds: 60, fairnessKey: "ops", idempotencyKey: "a" });
    const id = rig.scheduleOne(spec);
    finishAll(rig, [id]);
    rig.now += 1_000;
    const retried = rig.dispatch.retry(id, rig.now);
    if (!retried.ok) throw new Error(retried.error.detail);
    expect(retried.value).toMatchObject({
      parent: id,
      kind: spec.kind,
      args: spec.args,
      priority: 7,
      fairnessKey: "ops",
      idempotencyKey: null,
      deadline: new Date(rig.now + 60_000).toISOString(),
    });
    expect(retried.value.id > id).toBe(true);
    expect(rig.state(id)).toBe("succeeded");
  });

  it("takes the very task out of a call of many", () => {
    const rig = new DispatchRig().connect();
    const ids = rig.schedule(...tasks(3));
    finishAll(rig, ids);
    const retried = rig.dispatch.retry(ids[1] ?? "", rig.now);
    expect(retried).toMatchObject({ value: { args: { n: 1 }, parent: ids[1] } });
  });

  it("is refused for a task that has not ended, and for one that is none", () => {
    const rig = new DispatchRig();
    const id = rig.scheduleOne(task());
    expect(rig.dispatch.retry(id, rig.now)).toMatchObject({ error: { code: "conflict" } });
    expect(rig.dispatch.retry("tk_", rig.now)).toMatchObject({ error: { code: "not_found" } });
  });
});
