import { describe, expect, test } from "vitest";
import { tasks } from "../../builders/tasks.ts";
import { deliveriesOf, Machine, staysSilent, useSluice } from "./machine.ts";

const sluice = useSluice();

/** A machine that was just sent two tasks in one batch. */
async function twoInFlight() {
  const machine = await Machine.enrol(sluice());
  const [a, b] = await machine.schedule(...tasks(2));
  const client = await machine.connect();
  const batch = await client.next("batch");
  if (a === undefined || b === undefined) throw new Error("two tasks were to be scheduled");
  expect(batch.tasks.map(({ id }) => id)).toEqual([a, b]);
  return { machine, client, batch, a, b };
}

describe.concurrent("a socket that breaks", () => {
  test("before the ack: the batch is sent again, as a new attempt", async () => {
    const { machine, client, a, b } = await twoInFlight();
    client.terminate();
    const next = await machine.connect({ running: [] });
    const again = await next.next("batch");
    expect(deliveriesOf(again)).toEqual([
      { id: a, attempt: 2 },
      { id: b, attempt: 2 },
    ]);
    next.ack(again);
    next.succeed(again.tasks);
    const { timeline } = await machine.reaches(a, "succeeded");
    expect(timeline.map(({ event }) => event)).toContain("requeued");
    await machine.reaches(b, "succeeded");
  });

  test("with the ack on its way: what the hello resumes counts as acknowledged", async () => {
    const { machine, client, batch, a, b } = await twoInFlight();
    client.terminate();
    const resume = { epoch: batch.epoch, seq: batch.seq };
    const next = await machine.connect({ resume });
    expect(await staysSilent(next)).toBe(true);
    next.succeed(batch.tasks);
    for (const id of [a, b])
      expect(await machine.reaches(id, "succeeded")).toMatchObject({ attempt: 1 });
  });

  test("after the ack: nothing is sent again, and the reports come on the next connection", async () => {
    const { machine, client, batch, a, b } = await twoInFlight();
    client.ack(batch);
    await machine.reaches(b, "accepted");
    client.terminate();
    const next = await machine.connect({ running: deliveriesOf(batch) });
    expect(await staysSilent(next)).toBe(true);
    next.succeed(batch.tasks);
    for (const id of [a, b])
      expect(await machine.reaches(id, "succeeded")).toMatchObject({ attempt: 1 });
  });

  test("between the reports of two tasks: the one is over, the other goes on", async () => {
    const { machine, client, batch, a, b } = await twoInFlight();
    const [first, second] = deliveriesOf(batch);
    if (first === undefined || second === undefined) throw new Error("two were sent");
    client.ack(batch);
    client.succeed([first]);
    await client.next("reported");
    client.terminate();
    const next = await machine.connect({ running: [second] });
    expect(await staysSilent(next)).toBe(true);
    expect([await machine.state(a), await machine.state(b)]).toEqual(["succeeded", "accepted"]);
    next.succeed([second]);
    await machine.reaches(b, "succeeded");
  });

  test("before a report was answered: said again under its number, it counts once", async () => {
    const { machine, client, batch, a } = await twoInFlight();
    const [first, second] = deliveriesOf(batch);
    if (first === undefined || second === undefined) throw new Error("two were sent");
    const report = [
      { ...first, event: "rows", part: 0, rows: ["only once"] },
      { ...first, event: "succeeded" },
    ] as const;
    client.ack(batch);
    client.report(report);
    await machine.reaches(a, "succeeded");
    client.terminate();
    const next = await machine.connect({ running: [second] });
    next.nextReportSeq -= 1;
    next.report(report);
    expect(await next.next("reported")).toMatchObject({ seq: 1 });
    expect(await sluice().operator.rows(machine.clientId, a)).toHaveLength(1);
  });
});

describe.concurrent("a late ack of an older connection", () => {
  test("changes nothing when the newer connection says it", async () => {
    const { machine, client, batch, a } = await twoInFlight();
    client.terminate();
    const next = await machine.connect({ running: [] });
    const again = await next.next("batch");
    next.ack(batch);
    next.report([]);
    await next.next("reported");
    expect(await machine.state(a)).toBe("leased");
    next.ack(again);
    expect(await machine.reaches(a, "accepted")).toMatchObject({ attempt: 2 });
  });

  test("changes nothing when the older socket says it, which is closed with 4409", async () => {
    const { machine, client, batch, a } = await twoInFlight();
    const next = await machine.connect({ running: [] });
    client.ack(batch);
    expect(await client.closed).toMatchObject({ code: 4409 });
    await next.next("batch");
    expect(await machine.task(a)).toMatchObject({ state: "leased", attempt: 2 });
  });
});
