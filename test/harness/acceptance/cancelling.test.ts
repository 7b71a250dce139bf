import type { TaskState } from "@sluice/protocol";
import { describe, expect, test } from "vitest";
import { task } from "../../builders/tasks.ts";
import { UnexpectedAnswer } from "../operator.ts";
import type { RawClient } from "../raw-client.ts";
import { Machine, staysSilent, useSluice } from "./machine.ts";

const sluice = useSluice();

/** A task that has come as far as `state`, and the client that has it. */
async function taskIn(state: TaskState) {
  const machine = await Machine.enrol(sluice());
  const client = await machine.connect();
  const id = await machine.scheduleOne(task());
  const batch = await client.next("batch");
  const delivery = { id, attempt: 1 };
  const steps: [TaskState, () => unknown][] = [
    ["leased", () => {}],
    ["accepted", () => client.ack(batch)],
    ["running", () => client.report([{ ...delivery, event: "started" }])],
  ];
  if (state === "succeeded") steps.push([state, () => client.succeed([delivery])]);
  if (state === "failed") {
    const error = { code: "broken", message: "" };
    steps.push([state, () => client.report([{ ...delivery, event: "failed", error }])]);
  }
  for (const [reached, step] of steps) {
    step();
    await machine.reaches(id, reached);
    if (reached === state) break;
  }
  return { machine, client, batch, id, delivery };
}

async function cancelFrames(client: RawClient): Promise<readonly string[]> {
  return (await client.next("cancel")).ids;
}

describe.concurrent("a task is cancelled", () => {
  test("while it waits: it is over at once and never sent", async () => {
    const machine = await Machine.enrol(sluice());
    const id = await machine.scheduleOne(task());
    expect(await machine.cancel(id)).toMatchObject({ state: "cancelled", attempt: 0 });
    expect(await staysSilent(await machine.connect())).toBe(true);
  });

  test.for(["leased", "accepted", "running"] as const)(
    "while it is %s: the client is told, and it is over when the client says so",
    async (state) => {
      const { machine, client, batch, id, delivery } = await taskIn(state);
      expect(await machine.cancel(id)).toMatchObject({ state });
      expect(await cancelFrames(client)).toEqual([id]);
      client.ack(batch);
      client.report([{ ...delivery, event: "cancelled" }]);
      const { timeline } = await machine.reaches(id, "cancelled");
      expect(timeline.map(({ event }) => event)).toContain("cancel_requested");
    },
  );

  test("while it runs, and finishes first: it has succeeded", async () => {
    const { machine, client, id, delivery } = await taskIn("running");
    await machine.cancel(id);
    client.succeed([delivery]);
    await machine.reaches(id, "succeeded");
  });

  test("while its client is away: the client is told when it comes back", async () => {
    const { machine, client, id, delivery } = await taskIn("running");
    client.terminate();
    await machine.cancel(id);
    const next = await machine.connect({ running: [delivery] });
    expect(await cancelFrames(next)).toEqual([id]);
    next.report([{ ...delivery, event: "cancelled" }]);
    await machine.reaches(id, "cancelled");
  });

  test("before its ack was heard, and the socket breaks: it is not sent again", async () => {
    const { machine, client, id } = await taskIn("leased");
    await machine.cancel(id);
    client.terminate();
    const next = await machine.connect({ running: [] });
    await machine.reaches(id, "cancelled");
    expect(await staysSilent(next)).toBe(true);
  });

  test.for(["succeeded", "failed"] as const)(
    "when it has %s: the call is refused",
    async (state) => {
      const { machine, id } = await taskIn(state);
      const refusal: unknown = await machine.cancel(id).catch((error) => error);
      if (!(refusal instanceof UnexpectedAnswer)) throw new Error("the call was not refused");
      expect(refusal.status).toBe(409);
      expect(await machine.state(id)).toBe(state);
    },
  );

  test("twice: the second call finds it cancelled", async () => {
    const machine = await Machine.enrol(sluice());
    const id = await machine.scheduleOne(task());
    await machine.cancel(id);
    expect(await machine.cancel(id)).toMatchObject({ state: "cancelled" });
  });
});
