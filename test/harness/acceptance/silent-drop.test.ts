import { type ClientEvent, createClient } from "@sluice/sdk/node";
import { expect, type TestContext, test } from "vitest";
import { task } from "../../builders/tasks.ts";
import { DeadLine } from "./dead-line.ts";
import { eventually, Machine, useSluice } from "./machine.ts";

const sluice = useSluice();

/** A client of the SDK that is online over a line that can go dead. */
async function onlineOverDeadLine({ onTestFinished }: TestContext) {
  const enrolled = await sluice().operator.enrol();
  const line = await DeadLine.open(sluice().service.port);
  const events: ClientEvent["type"][] = [];
  const client = createClient({
    url: line.url,
    token: enrolled.token,
    agent: "silent/1",
    tuning: { backoffBaseMs: 20 },
    onEvent: ({ type }) => events.push(type),
  });
  onTestFinished(async () => {
    await client.stop();
    await line.close();
  });
  let runs = 0;
  client.handle("collect", () => {
    runs += 1;
  });
  await client.start();
  await eventually(() => expect(client.stats.connection).toBe("online"));
  return { machine: Machine.of(sluice(), enrolled), line, events, runs: () => runs };
}

test.concurrent("a line that goes dead without a word is found out, and what went into it is sent again", async (context) => {
  const { machine, line, events, runs } = await onlineOverDeadLine(context);
  line.swallow("client", "service");
  const id = await machine.scheduleOne(task());
  const { timeline, attempt } = await machine.reaches(id, "succeeded");
  expect(attempt).toBe(2);
  expect(timeline).toContainEqual(
    expect.objectContaining({
      event: "requeued",
      note: expect.stringContaining("not acknowledged"),
    }),
  );
  expect(runs()).toBe(1);
  expect(events).toEqual(["connected", "half_open", "disconnected", "connected"]);
});

test.concurrent("a line that swallows the ack and the report costs a reconnect, and not a second run", async (context) => {
  const { machine, line, events, runs } = await onlineOverDeadLine(context);
  line.swallow("client");
  const id = await machine.scheduleOne(task());
  expect(await machine.reaches(id, "succeeded")).toMatchObject({ attempt: 1 });
  expect(runs()).toBe(1);
  expect(events).toEqual(["connected", "half_open", "disconnected", "connected"]);
});
