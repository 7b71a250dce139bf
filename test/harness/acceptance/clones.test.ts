import { describe, expect, test } from "vitest";
import { task } from "../../builders/tasks.ts";
import { Machine, useSluice } from "./machine.ts";

const sluice = useSluice();

const suspectedAt = async ({ clientId }: Machine) =>
  (await sluice().operator.client(clientId)).cloneSuspectedAt;

describe.concurrent("two sockets of one identity", () => {
  test("the newest wins, and the older is closed with 4409", async () => {
    const machine = await Machine.enrol(sluice());
    const older = await machine.connect();
    const newer = await machine.connect();
    expect(await older.closed).toEqual({ code: 4409, reason: "superseded" });
    await machine.scheduleOne(task());
    expect((await newer.next("batch")).epoch).toBe(older.epoch + 1);
  });

  test("that displace each other in turn are reported as a clone", async () => {
    const machine = await Machine.enrol(sluice());
    let holder = await machine.connect();
    for (let takeover = 0; takeover < 6; takeover += 1) {
      const displaced = holder;
      holder = await machine.connect();
      expect(await displaced.closed).toMatchObject({ code: 4409 });
    }
    expect(await suspectedAt(machine)).toEqual(expect.any(String));
  });
});

describe.concurrent("one machine is no clone", () => {
  test("when it comes back behind a socket that is not yet known to be dead", async () => {
    const machine = await Machine.enrol(sluice());
    await machine.connect();
    await machine.connect();
    expect(await suspectedAt(machine)).toBeNull();
  });

  test("when its network breaks again and again", async () => {
    const machine = await Machine.enrol(sluice());
    for (let time = 0; time < 10; time += 1) {
      const socket = await machine.connect();
      await socket.close();
    }
    expect(await suspectedAt(machine)).toBeNull();
  });
});
