import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { encoded } from "../../builders/encoded.ts";
import { aCapacity } from "../../builders/frames.ts";
import { task, tasks } from "../../builders/tasks.ts";
import {
  type ClientStub,
  enrolled,
  freshObject,
  rewriteSockets,
  schedule,
  state,
  unwrap,
  view,
  Wire,
} from "./client-object.ts";

const sleep = (stub: ClientStub) => evictDurableObject(stub, { webSockets: "hibernate" });
const crash = (stub: ClientStub) => evictDurableObject(stub, { webSockets: "close" });
const armedAt = (stub: ClientStub) =>
  runInDurableObject(stub, (_, { storage }) => storage.getAlarm());

/** An object that was put to sleep with one task in each state that a client can have it in. */
async function asleep() {
  const stub = await enrolled();
  const wire = await Wire.connect(stub, { capacity: aCapacity({ slots: 3 }) });
  const [id = ""] = await schedule(stub, task());
  const batch = await wire.next("batch");
  await sleep(stub);
  return { stub, wire, id, batch };
}

describe("an object that slept with its socket open", () => {
  test("hears a hello on a socket that was accepted before", async () => {
    const stub = await enrolled();
    const wire = await Wire.open(stub);
    await sleep(stub);
    wire.say({ type: "hello", agent: "late/1" });
    expect((await wire.next("welcome")).epoch).toBe(1);
  });

  test("hears an ack", async () => {
    const { stub, wire, id, batch } = await asleep();
    wire.ack(batch);
    await wire.succeed({ ...batch, tasks: [] });
    expect(await state(stub, id)).toBe("accepted");
  });

  test("remembers an ack over the next sleep", async () => {
    const { stub, wire, id, batch } = await asleep();
    wire.ack(batch);
    await wire.succeed({ ...batch, tasks: [] });
    await sleep(stub);
    expect(await state(stub, id)).toBe("accepted");
  });

  test("hears a report, and answers on the same socket", async () => {
    const { stub, wire, id, batch } = await asleep();
    await wire.succeed(batch);
    expect(await state(stub, id)).toBe("succeeded");
  });

  test("sends what is scheduled on the same socket, and counts its batches on", async () => {
    const { stub, wire, batch } = await asleep();
    wire.ack(batch);
    await schedule(stub, task({ priority: 9 }));
    const next = await wire.next("batch");
    expect(next).toMatchObject({ epoch: batch.epoch, seq: batch.seq + 1 });
  });

  test("remembers what it spent of the client's slots", async () => {
    const { stub, wire, batch } = await asleep();
    wire.ack(batch);
    await schedule(stub, ...tasks(10));
    expect((await wire.next("batch")).tasks).toHaveLength(1);
    await sleep(stub);
    const { capacity } = await unwrap(stub.describe());
    expect(capacity?.slots).toBe(1);
  });

  test("hears its socket close", async () => {
    const { stub, wire } = await asleep();
    wire.close();
    await wire.closed;
    expect(await unwrap(stub.describe())).toMatchObject({ online: false, capacity: null });
  });

  test("is not woken by pings, and has seen them when it wakes", async () => {
    const { stub, wire } = await asleep();
    await wire.ping();
    await expect(evictDurableObject(stub)).rejects.toThrow(/not currently running/);
    expect(await unwrap(stub.describe())).toMatchObject({ online: true });
  });

  test("has its alarm, and does what is due", async () => {
    const { stub, wire, id } = await asleep();
    expect(await armedAt(stub)).not.toBeNull();
    await rewriteSockets(stub, (carried) => ({ ...carried, settleAt: null }));
    await sleep(stub);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await state(stub, id)).toBe("leased");
    expect(await armedAt(stub)).not.toBeNull();
    await wire.ping();
  });

  test("closes the older socket when a newer says hello", async () => {
    const { stub, wire } = await asleep();
    const newer = await Wire.connect(stub);
    expect(newer.epoch).toBe(2);
    expect(await wire.closed).toBe(4409);
  });
});

describe("every call to an object that slept", () => {
  test.for([
    ["describe", (stub: ClientStub) => stub.describe(), { online: true, epoch: 1 }],
    [
      "listTasks",
      (stub: ClientStub) => stub.listTasks({ state: null, cursor: null, limit: 5 }),
      {},
    ],
    ["update", (stub: ClientStub) => stub.update({ name: "renamed" }), { name: "renamed" }],
    ["pause", (stub: ClientStub) => stub.update({ paused: true }), { paused: true }],
    ["revoke", (stub: ClientStub) => stub.revoke(), { revoked: true, online: false }],
  ] as const)("%s", async ([, call, expected]) => {
    const { stub } = await asleep();
    expect(await unwrap<object>(call(stub))).toMatchObject(expected);
  });

  test("getTask, listRows, cancelTask and retryTask", async () => {
    const { stub, wire, id, batch } = await asleep();
    expect(await view(stub, id)).toMatchObject({ id, state: "leased", attempt: 1 });
    await sleep(stub);
    expect(await unwrap(stub.listRows(id, { cursor: null, limit: 5 }))).toEqual({
      items: [],
      cursor: null,
    });
    await sleep(stub);
    expect(await unwrap(stub.cancelTask(id))).toMatchObject({ state: "leased" });
    expect(await wire.next("cancel")).toMatchObject({ ids: [id] });
    await wire.succeed(batch);
    await sleep(stub);
    expect(await unwrap(stub.retryTask(id))).toMatchObject({ parent: id });
  });

  test("schedule", async () => {
    const { stub } = await asleep();
    expect(await schedule(stub, ...tasks(3))).toHaveLength(3);
  });

  test("enrol", async () => {
    const stub = await enrolled();
    await sleep(stub);
    const again = { ...(await unwrap(stub.describe())), account: "", client: "", tokenHash: "" };
    expect(await stub.enrol(again as never)).toMatchObject({ error: { code: "conflict" } });
  });

  test("remove: nothing is left but the mark that the client was deleted", async () => {
    const { stub, wire } = await asleep();
    await unwrap(stub.remove());
    expect(await wire.closed).toBe(4403);
    await sleep(stub);
    expect(await stub.describe()).toMatchObject({ error: { code: "not_found" } });
    expect(await stub.schedule(encoded([task()]))).toMatchObject({ error: { code: "not_found" } });
    expect(await (await Wire.open(stub)).closed).toBe(4403);
    await runInDurableObject(stub, async (_, { storage }) => {
      const count = (table: string) =>
        storage.sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n;
      expect(["segments", "pages", "history", "link"].map(count)).toEqual([0, 0, 0, 0]);
      expect(storage.sql.exec("SELECT name, labels, facts FROM identity").one()).toEqual({
        name: "",
        labels: "[]",
        facts: "{}",
      });
      expect(await storage.getAlarm()).toBeNull();
    });
  });
});

describe("an object that crashed, its socket with it", () => {
  test("is offline until the client comes back, and loses nothing", async () => {
    const stub = await enrolled();
    const wire = await Wire.connect(stub);
    const [id = ""] = await schedule(stub, task());
    const batch = await wire.next("batch");
    wire.ack(batch);
    await crash(stub);
    expect(await unwrap(stub.describe())).toMatchObject({ online: false });
    expect(await view(stub, id)).toMatchObject({ attempt: 1 });

    const back = await Wire.connect(stub, {
      resume: { epoch: batch.epoch, seq: batch.seq },
      running: [{ id: batch.tasks[0]?.id ?? ("" as never), attempt: 1 }],
    });
    expect(back.epoch).toBe(2);
    expect(await state(stub, id)).toBe("accepted");
    await back.succeed(batch);
    expect(await state(stub, id)).toBe("succeeded");
  });

  test("sends again what nobody acknowledged", async () => {
    const stub = await enrolled();
    const wire = await Wire.connect(stub);
    const [id = ""] = await schedule(stub, task());
    await wire.next("batch");
    await crash(stub);
    const back = await Wire.connect(stub);
    expect(await back.next("batch")).toMatchObject({ tasks: [{ id, attempt: 2 }] });
  });

  test("keeps its queue and its alarm", async () => {
    const stub = await enrolled();
    const ids = await schedule(stub, ...tasks(20, { ttlSeconds: 3_600 }));
    await crash(stub);
    expect(await armedAt(stub)).not.toBeNull();
    const wire = await Wire.connect(stub, { capacity: aCapacity({ slots: 100 }) });
    expect((await wire.next("batch")).tasks.map(({ id }) => id)).toEqual(ids);
  });
});

describe("an object of a client that was never enrolled", () => {
  test("answers not found to everything, and stores nothing", async () => {
    const { stub } = freshObject();
    const page = { cursor: null, limit: 5 };
    const answers = await Promise.all([
      stub.schedule(encoded([task()])),
      stub.listTasks({ ...page, state: null }),
      stub.getTask("tk_"),
      stub.listRows("tk_", page),
      stub.cancelTask("tk_"),
      stub.retryTask("tk_"),
      stub.describe(),
      stub.update({ name: "x" }),
      stub.revoke(),
      stub.remove(),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ error: { code: "not_found" } });
    await (await Wire.open(stub)).closed;
    await runInDurableObject(stub, async (_, { storage }) => {
      expect(storage.sql.exec("SELECT name FROM sqlite_master").toArray()).toEqual([]);
      expect(await storage.getAlarm()).toBeNull();
    });
  });
});

describe("the alarm", () => {
  test("sends what lingered, with nobody's help", async () => {
    const stub = await enrolled();
    const wire = await Wire.connect(stub);
    const ids = [];
    for (let n = 0; n < 5; n += 1) ids.push(...(await schedule(stub, task())));
    const sent: string[] = [];
    while (sent.length < ids.length) {
      const batch = await wire.next("batch");
      wire.ack(batch);
      sent.push(...batch.tasks.map(({ id }) => id));
    }
    expect(sent).toEqual(ids);
  });
});
