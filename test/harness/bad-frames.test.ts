import { CLOSE_CODES, LIMITS } from "@sluice/protocol";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aCapacity, aHello, anAck, aReport } from "../builders/frames.ts";
import { searchSize } from "../builders/search-size.ts";
import { task, taskId, tasks } from "../builders/tasks.ts";
import type { Enrolled } from "./operator.ts";
import { type Closed, RawClient } from "./raw-client.ts";
import { type Running, runSluice } from "./running.ts";

const RANDOM_FRAMES = searchSize(250, 10_000);
const SEED = 20_261_123;

let running: Running;
/** Has its socket open and says nothing while the other tests run. */
let silent: RawClient;
beforeAll(async () => {
  running = await runSluice();
  const { token } = await running.operator.enrol();
  silent = await RawClient.open({ url: running.service.url, token });
});
afterAll(async () => {
  await running.service.stop();
  // Whatever a client sends, the runtime has nothing to complain of.
  expect(running.troubles).toEqual([]);
});

async function connect(enrolled?: Enrolled): Promise<RawClient> {
  const { token } = enrolled ?? (await running.operator.enrol());
  return RawClient.connect({ url: running.service.url, token });
}

/** What a client is closed with after it sends this, welcomed before. */
async function closeAfter(sent: string | Uint8Array): Promise<Closed> {
  const client = await connect();
  client.sendRaw(sent);
  return client.closed;
}

function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

describe("a frame that cannot be understood closes the connection with 4400", () => {
  const report = (item: unknown) => JSON.stringify({ ...aReport(), items: [item] });
  test.each([
    ["no JSON", "hello"],
    ["JSON cut short", '{"type":"ack","epoch":1'],
    ["an empty text", ""],
    ["no object", "[1,2,3]"],
    ["null", "null"],
    ["no type", '{"epoch":1,"seq":1}'],
    ["an unknown type", '{"type":"reboot"}'],
    ["a type that is inherited", '{"type":"constructor"}'],
    ["a server's frame", '{"type":"welcome","epoch":1}'],
    ["a field of the wrong type", '{"type":"ack","epoch":"1","seq":1}'],
    ["a number that is none", '{"type":"ack","epoch":1e999,"seq":1}'],
    ["a negative sequence", '{"type":"ack","epoch":1,"seq":-1}'],
    ["an unknown event", report({ id: "tk_1", attempt: 1, event: "exploded" })],
    ["an id that is no id", report({ id: "../../x", attempt: 1, event: "succeeded" })],
    ["rows that nest too deeply", `{"type":"report","epoch":1,"seq":1,"x":${nested(100)}}`],
    ["brackets without end", "[".repeat(500_000)],
    ["a second hello", JSON.stringify(aHello())],
    ["bytes", new Uint8Array([1, 2, 3])],
  ])("%s", async (_name, sent) => {
    expect(await closeAfter(sent)).toMatchObject({ code: CLOSE_CODES.protocol });
  });

  test("anything but hello as the first frame", async () => {
    const { token } = await running.operator.enrol();
    const client = await RawClient.open({ url: running.service.url, token });
    client.send(anAck());
    expect(await client.closed).toMatchObject({ code: CLOSE_CODES.protocol });
  });
});

test("a frame over its size closes the connection with 4413", async () => {
  const sent = JSON.stringify(aReport()).padEnd(LIMITS.clientFrameBytes + 1);
  expect(await closeAfter(sent)).toMatchObject({ code: CLOSE_CODES.tooLarge });
});

test("the reason of a close says nothing of what was sent", async () => {
  const { reason } = await closeAfter('{"type":"ack","epoch":"my-secret","my-secret":1}');
  expect(reason).not.toContain("my-secret");
});

describe("a token that opens nothing closes the connection with 4401", () => {
  test.each([
    ["none", ""],
    ["a word", "password"],
    ["one that was never issued", `ct_${"A".repeat(60)}`],
    ["one over any length", "x".repeat(5_000)],
  ])("%s", async (_name, token) => {
    const client = await RawClient.open({ url: running.service.url, token });
    expect(await client.closed).toMatchObject({ code: CLOSE_CODES.unauthenticated });
  });

  test("one with a character changed", async () => {
    const { token } = await running.operator.enrol();
    const forged = token.slice(0, 20) + (token[20] === "A" ? "B" : "A") + token.slice(21);
    const client = await RawClient.open({ url: running.service.url, token: forged });
    expect(await client.closed).toMatchObject({ code: CLOSE_CODES.unauthenticated });
  });

  test("an operator key", async () => {
    const client = await RawClient.open({ url: running.service.url, token: running.operatorKey });
    expect(await client.closed).toMatchObject({ code: CLOSE_CODES.unauthenticated });
  });
});

describe("what an older or another life of a client says changes nothing", () => {
  async function taskInFlight() {
    const enrolled = await running.operator.enrol();
    const [scheduled] = await running.operator.schedule(enrolled.clientId, [task()]);
    const client = await connect(enrolled);
    const batch = await client.next("batch");
    const state = async () =>
      (await running.operator.task(enrolled.clientId, scheduled?.id ?? "")).state;
    return { client, batch, state, item: { ...(batch.tasks[0] ?? { id: taskId(), attempt: 1 }) } };
  }

  test.each([0, 7, Number.MAX_SAFE_INTEGER])("an ack of epoch %d", async (epoch) => {
    const { client, batch, state } = await taskInFlight();
    client.ack({ epoch, seq: batch.seq });
    await client.next("reported", 300).catch(() => {});
    expect(await state()).toBe("leased");
  });

  test("a report of another attempt", async () => {
    const { client, batch, state, item } = await taskInFlight();
    client.ack(batch);
    client.report([{ id: item.id, attempt: item.attempt + 1, event: "succeeded" }]);
    await client.next("reported");
    expect(await state()).toBe("accepted");
  });

  test("a report of a task that is none of its own", async () => {
    const { client, batch, state } = await taskInFlight();
    const [other] = await running.operator.schedule((await running.operator.enrol()).clientId, [
      task(),
    ]);
    client.ack(batch);
    client.succeed([{ id: other?.id ?? taskId(), attempt: 1 }]);
    await client.next("reported");
    expect(await state()).toBe("accepted");
  });

  test("a report sent twice is answered twice and counts once", async () => {
    const enrolled = await running.operator.enrol();
    const [scheduled] = await running.operator.schedule(enrolled.clientId, [task()]);
    const client = await connect(enrolled);
    const batch = await client.next("batch");
    client.ack(batch);
    const [delivery] = batch.tasks;
    if (!delivery || !scheduled) throw new Error("nothing was delivered");
    const items = [
      { id: delivery.id, attempt: 1, event: "rows", part: 0, rows: [{ n: 1 }] },
      { id: delivery.id, attempt: 1, event: "succeeded" },
    ] as const;
    const report = aReport({ epoch: client.epoch, seq: 1, items });
    for (let time = 0; time < 2; time++) {
      client.send(report);
      expect(await client.next("reported")).toMatchObject({ seq: 1 });
    }
    expect(await running.operator.rows(enrolled.clientId, scheduled.id)).toHaveLength(1);
    const { timeline } = await running.operator.task(enrolled.clientId, scheduled.id);
    expect(timeline.filter((entry) => entry.event === "succeeded")).toHaveLength(1);
  });
});

/** Mostly right, and else any JSON. */
function mostly<Value>(arbitrary: fc.Arbitrary<Value>) {
  return fc.oneof({ weight: 6, arbitrary }, { weight: 1, arbitrary: fc.jsonValue() });
}

const anyItem = fc.record({
  id: mostly(fc.constant("tk_1")),
  attempt: mostly(fc.integer({ min: -1, max: 9 })),
  event: fc.constantFrom("started", "progress", "rows", "succeeded", "failed", "cancelled", "x"),
  part: mostly(fc.nat()),
  rows: mostly(fc.array(fc.jsonValue())),
  done: mostly(fc.double({ min: 0, max: 1, noNaN: true })),
  error: mostly(fc.record({ code: fc.string(), message: fc.string() })),
});

/** Frames that are nearly right: known types and fields, with here and there a value that does not fit. */
const nearlyFrame = fc.record(
  {
    type: fc.constantFrom("ack", "ack", "report", "report", "hello", "batch", "", "ACK"),
    epoch: mostly(fc.integer({ min: -1, max: 2_000 })),
    seq: mostly(fc.integer({ min: -1, max: 2_000 })),
    items: mostly(fc.array(anyItem, { maxLength: 5 })),
    capacity: mostly(fc.constant(aCapacity({ slots: 0 }))),
    unknown: fc.jsonValue(),
  },
  { requiredKeys: ["type", "epoch", "seq", "items"] },
);

const anyFrame = fc.oneof(
  { weight: 3, arbitrary: nearlyFrame.map((frame) => JSON.stringify(frame)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 300 }) },
);

test(`${RANDOM_FRAMES} random frames end in an answer or a close code, and no task is lost`, async () => {
  const enrolled = await running.operator.enrol();
  const scheduled = await running.operator.schedule(
    enrolled.clientId,
    tasks(20, { maxAttempts: LIMITS.maxAttempts }),
  );
  const endings = new Set<number>();
  let reportSeq = 1;
  for (const text of fc.sample(anyFrame, { seed: SEED, numRuns: RANDOM_FRAMES })) {
    const client = await RawClient.open({ url: running.service.url, token: enrolled.token });
    await client.hello({ capacity: aCapacity({ slots: 0 }) });
    client.sendRaw(text);
    // A report behind it tells the two good endings apart: an answer, or a close.
    client.send(aReport({ epoch: client.epoch, seq: reportSeq++, items: [] }));
    const ending = await Promise.race([client.next("reported").then(() => 0), client.closed]);
    endings.add(ending === 0 ? 0 : (ending as Closed).code);
    client.terminate();
  }
  // Both happened, and nothing else.
  expect([...endings].sort()).toEqual([0, CLOSE_CODES.protocol]);

  const client = await connect(enrolled);
  client.nextReportSeq = reportSeq;
  const received = await client.takeAll(scheduled.length);
  expect(received.sort()).toEqual(scheduled.map(({ id }) => id).sort());
  client.terminate();
});

test("no hello in time closes the connection with 4408", async () => {
  expect(await silent.closed).toMatchObject({ code: CLOSE_CODES.noHello });
});
