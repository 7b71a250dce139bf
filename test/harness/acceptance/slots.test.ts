import { setTimeout as sleep } from "node:timers/promises";
import { createClient, memoryJournal } from "@sluice/sdk/node";
import { describe, expect, test } from "vitest";
import { aCapacity } from "../../builders/frames.ts";
import { task, tasks } from "../../builders/tasks.ts";
import { eventually, Machine, staysSilent, useSluice } from "./machine.ts";

const sluice = useSluice();

describe.concurrent("a client with four slots", () => {
  test("works off a hundred tasks two at a time without ever waiting for a clock", async ({
    onTestFinished,
  }) => {
    const { clientId, token } = await sluice().operator.enrol();
    const [calls, taskMs, concurrency, slots] = [100, 50, 2, 4];
    const client = createClient({
      url: sluice().service.url,
      token,
      agent: "slots/1",
      journal: memoryJournal(),
      concurrency,
      slots,
    });
    onTestFinished(() => client.stop());
    let most = 0;
    client.handle("collect", async () => {
      most = Math.max(most, client.stats.held);
      await sleep(taskMs);
    });
    await client.start();
    await sluice().operator.schedule(clientId, tasks(calls));
    const beganAt = performance.now();
    await eventually(() => expect(client.stats.succeeded).toBe(calls));
    expect(most).toBeLessThanOrEqual(slots);
    // One wait for a heartbeat or an ack timeout would be longer than all the work together.
    expect(performance.now() - beganAt).toBeLessThan(3 * ((calls * taskMs) / concurrency));
  });

  test("gets the next tasks when it reports, not when it pings", async () => {
    const machine = await Machine.enrol(sluice());
    await machine.schedule(...tasks(9));
    const limiter = { burst: 100, perSecond: 100 };
    const client = await machine.connect({ capacity: aCapacity(limiter) }, { limiter, slots: 4 });
    const sizes: number[] = [];
    for (let left = 9; left > 0; left -= sizes.at(-1) ?? 0) {
      const batch = await client.next("batch");
      sizes.push(batch.tasks.length);
      client.ack(batch);
      client.succeed(batch.tasks);
    }
    expect(sizes).toEqual([3, 3, 3]);
  });

  test("gets nothing beyond them", async () => {
    const machine = await Machine.enrol(sluice());
    await machine.schedule(...tasks(9));
    const client = await machine.connect({ capacity: aCapacity() }, { slots: 4 });
    client.ack(await client.next("batch"));
    expect(await staysSilent(client)).toBe(true);
  });
});

describe.concurrent("an urgent task", () => {
  const urgent = task({ kind: "urgent", priority: 9 });

  test("overtakes a backlog of five hundred in the next frame, on the slot that is kept for it", async () => {
    const machine = await Machine.enrol(sluice());
    await machine.schedule(...tasks(500));
    const client = await machine.connect({ capacity: aCapacity() });
    const first = await client.next("batch");
    expect(first.tasks).toHaveLength(3);
    await machine.schedule(urgent);
    const second = await client.next("batch");
    expect(second.tasks.map(({ kind }) => kind)).toEqual(["urgent"]);
  });

  test("gets the token that is kept for it when all others are spent", async () => {
    const machine = await Machine.enrol(sluice());
    const capacity = aCapacity({ burst: 2, perSecond: 0.001, tokens: 2, slots: 100 });
    const client = await machine.connect({ capacity });
    await machine.schedule(...tasks(5));
    await client.next("batch");
    const [waiting] = await machine.schedule(...tasks(500));
    expect(await staysSilent(client)).toBe(true);
    await machine.schedule(urgent);
    const batch = await client.next("batch");
    expect(batch.tasks[0]?.kind).toBe("urgent");
    // Its frame is paid for, so others ride along.
    expect(batch.tasks[1]?.id).toBe(waiting);
  });
});
