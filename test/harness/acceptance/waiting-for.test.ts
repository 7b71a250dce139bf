import type { Capacity, WaitingFor } from "@sluice/protocol";
import { createOperator } from "@sluice/sdk/operator";
import { describe, expect, test } from "vitest";
import { aCapacity } from "../../builders/frames.ts";
import { task, tasks } from "../../builders/tasks.ts";
import { eventually, Machine, useSluice } from "./machine.ts";

const sluice = useSluice();

/** A machine that is connected with this capacity and was sent what it can take for now. */
async function busy(capacity: Capacity): Promise<Machine> {
  const machine = await Machine.enrol(sluice());
  const client = await machine.connect({ capacity });
  await machine.schedule(...tasks(20));
  await client.next("batch");
  return machine;
}

const reason = async (machine: Machine, spec = task()): Promise<WaitingFor | null> => {
  const id = await machine.scheduleOne(spec);
  return (await machine.task(id)).waitingFor;
};

describe.concurrent("why a task has not left yet, as its operator reads it", () => {
  test("its client is offline", async () => {
    expect(await reason(await Machine.enrol(sluice()))).toBe("offline");
  });

  test("its client is paused", async () => {
    const machine = await Machine.enrol(sluice());
    const { service, operatorKey } = sluice();
    const operator = createOperator({ url: service.url, key: operatorKey });
    await operator.updateClient(machine.clientId, { paused: true });
    await machine.connect();
    expect(await reason(machine)).toBe("paused");
  });

  test("its client has no free slot", async () => {
    expect(await reason(await busy(aCapacity({ slots: 1 })))).toBe("slots");
  });

  test("its client's limiter has no token", async () => {
    const capacity = aCapacity({ burst: 1, tokens: 1, perSecond: 0.001, slots: 100 });
    expect(await reason(await busy(capacity))).toBe("rate");
  });

  test("others go before it", async () => {
    const machine = await busy(aCapacity({ slots: 1 }));
    expect(await reason(machine, task({ priority: 1 }))).toBe("priority");
  });

  test("it lingers, to be joined by others", async () => {
    const machine = await Machine.enrol(sluice());
    await machine.connect({ capacity: aCapacity({ perSecond: 1_000, slots: 1_000 }) });
    // It lingers for less time than a busy machine may take to ask, so it is asked for again and again.
    await eventually(async () => {
      await machine.scheduleOne(task());
      expect(await reason(machine)).toBe("linger");
    });
  });

  test("it has left", async () => {
    const machine = await Machine.enrol(sluice());
    const client = await machine.connect();
    const id = await machine.scheduleOne(task());
    await client.next("batch");
    expect(await machine.task(id)).toMatchObject({ state: "leased", waitingFor: null });
  });
});
