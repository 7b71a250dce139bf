import { describe, expect, test } from "vitest";
import { aCapacity } from "../../builders/frames.ts";
import { task, tasks } from "../../builders/tasks.ts";
import { deliveriesOf, Machine, staysSilent, useSluice } from "./machine.ts";

const sluice = useSluice();

describe.concurrent("an object that is dropped from memory", () => {
  test("still has what was queued while its client was away", async () => {
    const machine = await Machine.enrol(sluice());
    const ids = await machine.schedule(...tasks(1_000));
    await machine.evict();
    const client = await machine.connect();
    expect((await client.takeAll(1_000)).toSorted()).toEqual(ids.toSorted());
  });

  test("takes the ack of a batch that it sent before", async () => {
    const machine = await Machine.enrol(sluice());
    const client = await machine.connect();
    const id = await machine.scheduleOne(task());
    const batch = await client.next("batch");
    await machine.evict();
    client.ack(batch);
    expect(await machine.reaches(id, "accepted")).toMatchObject({ attempt: 1 });
    expect(await staysSilent(client)).toBe(true);
  });

  test("remembers an ack that it had taken, and takes the reports", async () => {
    const machine = await Machine.enrol(sluice());
    const ids = await machine.schedule(...tasks(2));
    const client = await machine.connect();
    const batch = await client.next("batch");
    client.ack(batch);
    for (const id of ids) await machine.reaches(id, "accepted");
    for (const delivery of deliveriesOf(batch)) {
      await machine.evict();
      client.succeed([delivery]);
      await client.next("reported");
    }
    for (const id of ids)
      expect(await machine.task(id)).toMatchObject({ state: "succeeded", attempt: 1 });
    expect(await staysSilent(client)).toBe(true);
  });

  test("goes on with the numbers of its frames and with what the client said of its capacity", async () => {
    const machine = await Machine.enrol(sluice());
    const client = await machine.connect({ capacity: aCapacity({ slots: 4 }) });
    await machine.schedule(...tasks(9));
    const first = await client.next("batch");
    await machine.evict();
    await machine.schedule(task({ priority: 9 }));
    const second = await client.next("batch");
    expect(second).toMatchObject({ epoch: first.epoch, seq: first.seq + 1 });
    // Of four slots the first frame took three, and the last was kept for this.
    expect([first.tasks.length, second.tasks.length]).toEqual([3, 1]);
  });
});
