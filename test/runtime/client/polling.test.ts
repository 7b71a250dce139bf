import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { CLOSE_CODES, LIMITS, parsePoll } from "@sluice/protocol";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { SILENCE_MS } from "../../../durable-objects/client/connection.ts";
import type { Client } from "../../../durable-objects/client/object.ts";
import { aCapacity, aHello } from "../../builders/frames.ts";
import { task, tasks } from "../../builders/tasks.ts";
import {
  type ClientStub,
  enrolled,
  freshObject,
  schedule,
  state,
  unwrap,
  view,
  Wire,
} from "./client-object.ts";
import { batchesOf, endOf, Poller, poll } from "./polling-client.ts";

const crash = (stub: ClientStub) => evictDurableObject(stub, { webSockets: "close" });
const typesOf = ({ frames }: { frames: readonly { type: string }[] }) =>
  frames.map(({ type }) => type);

afterEach(() => {
  vi.useRealTimers();
});

describe("a client that polls", () => {
  test("is welcomed, takes a batch, acknowledges and reports it", async () => {
    const stub = await enrolled();
    const ids = await schedule(stub, ...tasks(3));
    const client = await Poller.connect(stub);
    expect(client.epoch).toBe(1);
    expect(typesOf(client.greeting)).toEqual(["welcome", "batch"]);
    const [batch] = batchesOf(client.greeting);
    if (batch === undefined) throw new Error("no batch");
    expect(batch.tasks.map(({ id }) => id)).toEqual(ids);
    expect(await client.say(...client.done(batch))).toMatchObject({
      seq: 2,
      frames: [{ type: "reported", seq: 1 }],
    });
    for (const id of ids) expect(await state(stub, id)).toBe("succeeded");
    expect(await client.say()).toEqual({ seq: 3, frames: [] });
  });

  test("is answered while it waits, as soon as a task is there", async () => {
    const stub = await enrolled();
    const client = await Poller.connect(stub);
    const listening = client.listen();
    const [id = ""] = await schedule(stub, task());
    expect(batchesOf(await listening)).toMatchObject([{ epoch: 1, tasks: [{ id }] }]);
    expect(await unwrap(stub.describe())).toMatchObject({ online: true, epoch: 1 });
  });

  test("is answered with nothing when its time is up", async () => {
    const client = await Poller.connect(await enrolled());
    expect(await client.listen(1)).toEqual({ seq: 2, frames: [] });
  });

  test("hears of what happened between two polls", async () => {
    const stub = await enrolled();
    const client = await Poller.connect(stub);
    const [id = ""] = await schedule(stub, task());
    await stub.cancelTask(id);
    expect(typesOf(await client.listen())).toEqual(["batch", "cancel"]);
  });

  test("has one poll waiting: another ends the first, and the answers are numbered", async () => {
    const stub = await enrolled();
    const client = await Poller.connect(stub);
    const first = client.listen();
    const second = client.listen();
    expect(await first).toEqual({ seq: 2, frames: [] });
    await schedule(stub, task());
    expect(await second).toMatchObject({ seq: 3, frames: [{ type: "batch" }] });
  });
});

test("polls without anything to say write nothing", async () => {
  const stub = await enrolled();
  const client = await Poller.connect(stub);
  const cost = () => runInDurableObject(stub, (object: Client) => object.usage());
  const before = await cost();
  for (let n = 0; n < 20; n += 1) await client.listen(1);
  expect(await cost()).toEqual(before);
});

describe("the newest connection wins", () => {
  test("polls displace a socket", async () => {
    const stub = await enrolled();
    const wire = await Wire.connect(stub);
    expect((await Poller.connect(stub)).epoch).toBe(wire.epoch + 1);
    expect(await wire.closed).toBe(CLOSE_CODES.superseded);
  });

  test("a socket displaces polls, one that waits and one that comes later", async () => {
    const stub = await enrolled();
    const client = await Poller.connect(stub);
    const listening = client.listen();
    const wire = await Wire.connect(stub);
    expect(endOf(await listening)).toBe(CLOSE_CODES.superseded);
    expect(endOf(await client.listen())).toBe(CLOSE_CODES.superseded);
    await wire.ping();
    expect(await unwrap(stub.describe())).toMatchObject({ online: true, epoch: wire.epoch });
  });

  test("polls displace polls, and what the older say counts for nothing", async () => {
    const stub = await enrolled();
    const [id = ""] = await schedule(stub, task());
    const older = await Poller.connect(stub);
    const [batch] = batchesOf(older.greeting);
    if (batch === undefined) throw new Error("no batch");
    const listening = older.listen();
    const newer = await Poller.connect(stub);
    expect(endOf(await listening)).toBe(CLOSE_CODES.superseded);
    expect(endOf(await older.say(...older.done(batch)))).toBe(CLOSE_CODES.superseded);
    expect(batchesOf(newer.greeting)).toMatchObject([{ epoch: 2, tasks: [{ id, attempt: 2 }] }]);
    expect(await state(stub, id)).toBe("leased");
  });
});

describe("a connection by polls ends with the code of a socket", () => {
  test("when the client is revoked, for the poll that waits and for the next", async () => {
    const stub = await enrolled();
    const client = await Poller.connect(stub);
    const listening = client.listen();
    await stub.revoke();
    expect(endOf(await listening)).toBe(CLOSE_CODES.revoked);
    expect(endOf(await client.listen())).toBe(CLOSE_CODES.revoked);
    expect(endOf(await poll(stub, { frames: [aHello()] }))).toBe(CLOSE_CODES.revoked);
  });

  test("for a token that is not the client's, and for a client that never was", async () => {
    const never = poll(freshObject().stub, { frames: [aHello()] });
    expect(endOf(await never)).toBe(CLOSE_CODES.unauthenticated);
    const stub = await enrolled();
    const stranger = poll(stub, { frames: [aHello()] }, "b".repeat(64));
    expect(endOf(await stranger)).toBe(CLOSE_CODES.unauthenticated);
    expect(await unwrap(stub.describe())).toMatchObject({ online: false, epoch: 0 });
  });

  test("when the first frame is not hello", async () => {
    const stub = await enrolled();
    const ack = { type: "ack", epoch: 1, seq: 1 } as const;
    expect(endOf(await poll(stub, { frames: [ack] }))).toBe(CLOSE_CODES.protocol);
    expect(endOf(await poll(stub, {}))).toBe(CLOSE_CODES.protocol);
  });

  test("at a frame that does not fit, after those before it were taken", async () => {
    const stub = await enrolled();
    const [id = ""] = await schedule(stub, task());
    const client = await Poller.connect(stub);
    const [batch] = batchesOf(client.greeting);
    const frames = batch === undefined ? [] : client.done(batch);
    const fault = { closeCode: CLOSE_CODES.protocol, detail: "type must be one of" };
    const ended = await poll(stub, { epoch: client.epoch, frames, fault });
    expect(typesOf(ended)).toEqual(["reported", "bye"]);
    expect(endOf(ended)).toBe(CLOSE_CODES.protocol);
    expect(await state(stub, id)).toBe("succeeded");
    expect(await unwrap(stub.describe())).toMatchObject({ online: false });
  });

  test("when hello is said twice", async () => {
    const stub = await enrolled();
    const twice = await poll(stub, { frames: [aHello(), aHello()] });
    expect(endOf(twice)).toBe(CLOSE_CODES.protocol);
  });

  test("when more waits for the client than an answer may hold, and nothing is lost", async () => {
    const stub = await enrolled();
    const capacity = aCapacity({ burst: 1_000, perSecond: 1_000, tokens: 1_000, slots: 1_000 });
    const client = await Poller.connect(stub, { capacity });
    const large = task({ args: { text: "x".repeat(LIMITS.taskBytes / 2) } });
    const most = Math.ceil(LIMITS.pollAnswerCharacters / (LIMITS.taskBytes / 2));
    const ids: string[] = [];
    for (let n = 0; n <= most; n += 8) {
      ids.push(...(await schedule(stub, ...Array.from({ length: 8 }, () => large))));
      await runDurableObjectAlarm(stub);
    }
    await vi.waitFor(
      async () => expect(await unwrap(stub.describe())).toMatchObject({ online: false }),
      60_000,
    );
    expect(endOf(await client.say())).toBe(CLOSE_CODES.comeBackLater);
    const again = await Poller.connect(stub, { capacity });
    expect(batchesOf(again.greeting)[0]?.tasks[0]?.id).toBe(ids[0]);
  });
});

describe("a connection that lives in memory", () => {
  test("is over when the object was dropped, and hello brings all that was not acknowledged", async () => {
    const stub = await enrolled();
    const client = await Poller.connect(stub);
    const [id = ""] = await schedule(stub, task());
    await crash(stub);
    expect(await unwrap(stub.describe())).toMatchObject({ online: false });
    expect(endOf(await client.listen())).toBe(CLOSE_CODES.comeBackLater);
    const back = await Poller.connect(stub);
    expect(back.epoch).toBe(2);
    expect(batchesOf(back.greeting)).toMatchObject([{ tasks: [{ id, attempt: 2 }] }]);
  });

  test("outlives an event that failed", async () => {
    const stub = await enrolled();
    const client = await Poller.connect(stub);
    const listening = client.listen();
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec(
        "CREATE TRIGGER full BEFORE INSERT ON segments BEGIN SELECT RAISE(FAIL, 'full'); END",
      );
    });
    await expect(schedule(stub, task())).rejects.toThrow();
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec("DROP TRIGGER full");
    });
    const [id = ""] = await schedule(stub, task());
    expect(batchesOf(await listening)).toMatchObject([{ epoch: 1, tasks: [{ id }] }]);
    expect(await view(stub, id)).toMatchObject({ state: "leased" });
  });

  test("ends when no poll came for as long as a socket may be silent", async () => {
    const stub = await enrolled();
    const client = await Poller.connect(stub);
    const armedAt = await runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
    expect(armedAt).toBeLessThanOrEqual(Date.now() + SILENCE_MS);
    vi.setSystemTime(Date.now() + SILENCE_MS + 1);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await unwrap(stub.describe())).toMatchObject({ online: false, connectedAt: null });
    expect(endOf(await client.say())).toBe(CLOSE_CODES.comeBackLater);
  });
});

test("whatever is polled, the object answers and goes on", async () => {
  const stub = await enrolled();
  const word = fc.constantFrom("hello", "ack", "report", "batch", "bye");
  const near = fc.record(
    {
      type: word,
      agent: fc.string(),
      epoch: fc.nat(3),
      seq: fc.nat(3),
      items: fc.array(fc.jsonValue()),
    },
    { requiredKeys: ["type"] },
  );
  const body = fc.record(
    {
      epoch: fc.oneof(fc.nat(300), fc.jsonValue()),
      frames: fc.array(fc.oneof(near, fc.constant(aHello()), fc.jsonValue()), { maxLength: 4 }),
    },
    { requiredKeys: ["frames"] },
  );
  let taken = 0;
  for (const each of fc.sample(body, { seed: 7, numRuns: 300 })) {
    const parsed = parsePoll(JSON.stringify({ ...each, waitMs: 0 }));
    if (!parsed.ok) continue;
    taken += 1;
    expect((await poll(stub, parsed.value)).seq).toBeGreaterThan(0);
  }
  expect(taken).toBeGreaterThan(50);
  expect((await Poller.connect(stub)).epoch).toBeGreaterThan(0);
});
