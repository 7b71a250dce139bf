import { describe, expect, test } from "vitest";
import { task, tasks } from "../../builders/tasks.ts";
import { deliveriesOf, Machine, staysSilent, useSluice } from "./machine.ts";
import { keepAgentAlive } from "./mortal-agent.ts";

const sluice = useSluice();

describe.concurrent("an idempotency key", () => {
  const keyed = task({ idempotencyKey: "inventory-2026-11" });

  test("names one task, however many calls race with it", async () => {
    const machine = await Machine.enrol(sluice());
    const answers = await Promise.all(Array.from({ length: 20 }, () => machine.schedule(keyed)));
    expect(new Set(answers.flat()).size).toBe(1);
    expect(await sluice().operator.tasks(machine.clientId)).toHaveLength(1);
  });

  test("names one task within a call, and tells which are duplicates", async () => {
    const machine = await Machine.enrol(sluice());
    const answer = await sluice().operator.schedule(machine.clientId, [keyed, task(), keyed]);
    expect(answer.map(({ duplicate }) => duplicate)).toEqual([false, false, true]);
    expect(answer[2]?.id).toBe(answer[0]?.id);
  });

  test("still names it when it has ended and its object was dropped from memory", async () => {
    const machine = await Machine.enrol(sluice());
    const id = await machine.scheduleOne(keyed);
    const client = await machine.connect();
    await client.takeAll(1);
    await machine.reaches(id, "succeeded");
    await machine.evict();
    const [again] = await sluice().operator.schedule(machine.clientId, [keyed]);
    expect(again).toEqual({ id, state: "succeeded", duplicate: true });
    expect(await staysSilent(client)).toBe(true);
  });

  test("is one client's own", async () => {
    const [one, other] = [await Machine.enrol(sluice()), await Machine.enrol(sluice())];
    expect(await one.scheduleOne(keyed)).not.toBe(await other.scheduleOne(keyed));
  });
});

describe.concurrent("what nobody acknowledges", () => {
  test("is sent again, even by an object that only its alarm wakes", async () => {
    const machine = await Machine.enrol(sluice());
    const client = await machine.connect();
    const id = await machine.scheduleOne(task());
    await client.next("batch");
    await machine.evict();
    const again = await client.next("batch", 30_000);
    expect(deliveriesOf(again)).toEqual([{ id, attempt: 2 }]);
  });

  test("ends as unknown and is not sent again when it must not run twice", async () => {
    const machine = await Machine.enrol(sluice());
    const client = await machine.connect();
    const id = await machine.scheduleOne(task({ delivery: "at_most_once" }));
    expect((await client.next("batch")).tasks).toMatchObject([{ delivery: "at_most_once" }]);
    await machine.reaches(id, "unknown");
    expect(await staysSilent(client)).toBe(true);
    expect(await staysSilent(await machine.connect({ running: [] }))).toBe(true);
  });
});

test.concurrent("a client that comes back without a task that must not run twice does not get it again", async () => {
  const machine = await Machine.enrol(sluice());
  const id = await machine.scheduleOne(task({ delivery: "at_most_once" }));
  const first = await machine.connect();
  first.ack(await first.next("batch"));
  await machine.reaches(id, "accepted");
  first.terminate();
  const second = await machine.connect({ running: [] });
  await machine.reaches(id, "unknown");
  expect(await staysSilent(second)).toBe(true);
});

test.concurrent("a task that must not run twice and kills its client's process has run once", async ({
  onTestFinished,
}) => {
  const enrolled = await sluice().operator.enrol();
  const machine = Machine.of(sluice(), enrolled);
  const agent = await keepAgentAlive(sluice().service.url, enrolled.token);
  onTestFinished(() => agent.stop());
  const fatal = await machine.scheduleOne({ kind: "die", delivery: "at_most_once" });
  const marks = await machine.schedule(...tasks(5, { kind: "mark" }));
  for (const id of marks) await machine.reaches(id, "succeeded");
  const { timeline, attempt } = await machine.reaches(fatal, "unknown");
  expect(attempt).toBe(1);
  expect(timeline.at(-1)).toMatchObject({
    event: "unknown",
    note: expect.stringContaining("came back"),
  });
  expect(agent.runs(fatal)).toBe(1);
  expect(agent.lives).toBe(2);
});
