import { describe, expect, it } from "vitest";
import { makeClient, startServer } from "./builders/clients.ts";
import { delivered, deliveredMany, ends, taskId } from "./builders/tasks.ts";
import { rest, until } from "./builders/wire-server.ts";

describe("delivery", () => {
  it("says hello with its capacity and its token in a header", async () => {
    const server = await startServer();
    const client = makeClient(server, { limiter: { burst: 10, perSecond: 0.5 }, slots: 4 });
    await client.start();
    const connection = await server.greeted();
    expect(connection.authorization).toBe("Bearer ct_test");
    expect(connection.hello).toMatchObject({
      agent: "test/1",
      capacity: { burst: 10, perSecond: 0.5, tokens: 10, slots: 4 },
      running: [],
    });
    expect(connection.hello).not.toHaveProperty("resume");
  });

  it("acknowledges a batch, runs its tasks and reports rows and ends", async () => {
    const server = await startServer();
    const client = makeClient(server).handle("echo", (args, context) => {
      context.row({ args });
    });
    await client.start();
    const connection = await server.greeted();
    connection.batch(1, [delivered("a", { args: { n: 1 } }), delivered("b", { args: { n: 2 } })]);
    await until(() => ends(server.items).length === 2, "two ends");
    expect(connection.acks).toMatchObject([{ epoch: 1, seq: 1, capacity: { slots: 14 } }]);
    expect(ends(server.items)).toEqual(["a succeeded", "b succeeded"]);
    expect(server.items.filter((item) => item.event === "rows")).toMatchObject([
      { id: taskId("a"), part: 0, rows: [{ args: { n: 1 } }] },
      { id: taskId("b"), part: 0, rows: [{ args: { n: 2 } }] },
    ]);
  });

  it("runs a batch once that is sent again because its ack was lost", async () => {
    const server = await startServer();
    const ran: string[] = [];
    const client = makeClient(server).handle("echo", (_, { task }) => void ran.push(task.id));
    await client.start();
    const first = await server.greeted();
    first.batch(1, deliveredMany(3));
    await until(() => first.acks.length === 1, "the ack");
    first.socket.terminate();
    const second = await server.greeted(2);
    second.batch(1, deliveredMany(3));
    await until(() => second.acks.length === 1, "the ack again");
    await until(() => ends(server.items).length >= 3, "three ends");
    await rest();
    expect(ran).toEqual([taskId(0), taskId(1), taskId(2)]);
    expect(second.hello?.resume).toEqual({ epoch: 1, seq: 1 });
  });
});
