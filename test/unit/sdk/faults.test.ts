import { CLOSE_CODES } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { makeClient, slowJournal, startServer } from "./builders/clients.ts";
import { delivered, deliveredMany, ends, taskId } from "./builders/tasks.ts";
import { rest, until } from "./builders/wire-server.ts";

describe("a connection that breaks", () => {
  it("between two reports loses nothing, and the report keeps its number", async () => {
    const server = await startServer({ answersReports: false });
    const client = makeClient(server).handle("echo", () => {});
    await client.start();
    const first = await server.greeted();
    first.batch(1, [delivered("a")]);
    await until(() => first.reports.length === 1, "the first report");
    first.send({ type: "reported", seq: first.reports[0]?.seq ?? 0 });
    first.batch(2, [delivered("b")]);
    await until(() => first.reports.length === 2, "the second report");
    first.socket.terminate();
    server.manners.answersReports = true;
    const second = await server.greeted(2);
    await until(() => second.reports.length === 1, "the report again");
    expect(second.reports[0]).toEqual({ ...first.reports[1], epoch: 2 });
    await until(() => client.stats.unanswered === 0, "the answer");
    expect(client.stats.reportsResent).toBe(1);
  });

  it("resends several reports in their order", async () => {
    const server = await startServer({ answersReports: false });
    const client = makeClient(server).handle("echo", () => {});
    await client.start();
    const first = await server.greeted();
    for (const seq of [1, 2, 3]) {
      first.batch(seq, [delivered(seq)]);
      await until(() => first.reports.length === seq, `report ${seq}`);
    }
    first.socket.terminate();
    const second = await server.greeted(2);
    await until(() => second.reports.length === 3, "three reports");
    expect(second.reports.map(({ seq }) => seq)).toEqual(first.reports.map(({ seq }) => seq));
  });

  it("or not, a report without an answer for long is sent again under its number", async () => {
    const server = await startServer({ answersReports: false });
    const client = makeClient(server, { tuning: { reportTimeoutMs: 30 } }).handle("echo", () => {});
    await client.start();
    const connection = await server.greeted();
    connection.batch(1, [delivered("a")]);
    await until(() => connection.reports.length === 2, "the report twice");
    expect(connection.reports[1]?.seq).toBe(connection.reports[0]?.seq);
    expect(server.connections).toHaveLength(1);
  });

  it("is told which deliveries are held, and which ended without an answer", async () => {
    const server = await startServer({ answersReports: false });
    const client = makeClient(server).handle("echo", ({ wait }, { signal }) =>
      wait ? new Promise((_, reject) => signal.addEventListener("abort", reject)) : undefined,
    );
    await client.start();
    const first = await server.greeted();
    first.batch(1, [delivered("held", { args: { wait: true } }), delivered("ended")]);
    await until(() => ends(first.items).length === 1, "one end");
    first.socket.terminate();
    const second = await server.greeted(2);
    expect(second.hello?.running).toEqual([
      { id: taskId("held"), attempt: 1 },
      { id: taskId("ended"), attempt: 1 },
    ]);
    expect(second.hello?.resume).toEqual({ epoch: 1, seq: 1 });
    expect(second.hello?.capacity).toMatchObject({ slots: 15 });
  });

  it("is found when the server has fallen silent", async () => {
    const server = await startServer({ heartbeatMs: 20, answersPings: false });
    const client = makeClient(server);
    await client.start();
    await server.greeted(2);
    expect(server.connections[0]?.pings).toBe(2);
    expect(client.events.map(({ type }) => type).slice(0, 3)).toEqual([
      "connected",
      "half_open",
      "disconnected",
    ]);
  });

  it("is kept while the server answers pings", async () => {
    const server = await startServer({ heartbeatMs: 10 });
    await makeClient(server).start();
    const connection = await server.greeted();
    await until(() => connection.pings > 10, "ten pings");
    expect(server.connections).toHaveLength(1);
  });
});

describe("a delivery under another attempt", () => {
  it("is adopted while it runs, and ends under the new one", async () => {
    const server = await startServer();
    let runs = 0;
    let finish = () => {};
    const client = makeClient(server).handle("echo", () => {
      runs++;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await client.start();
    const connection = await server.greeted();
    connection.batch(1, [delivered("a")]);
    await until(() => runs === 1, "the run");
    connection.batch(2, [delivered("a", { attempt: 2 })]);
    await until(() => connection.acks.at(-1)?.seq === 2, "the second ack");
    finish();
    await until(() => ends(server.items).length === 1, "the end");
    expect(server.items.at(-1)).toEqual({ id: taskId("a"), attempt: 2, event: "succeeded" });
    expect(runs).toBe(1);
  });

  it("of a task that ended is answered by its end, not by a run", async () => {
    const server = await startServer();
    let runs = 0;
    const client = makeClient(server).handle("echo", () => void runs++);
    await client.start();
    const connection = await server.greeted();
    connection.batch(1, [delivered("a")]);
    await until(() => client.stats.unanswered === 0 && server.stored.size === 1, "the answer");
    connection.batch(2, [delivered("a", { attempt: 2 })]);
    await until(() => server.stored.size === 2, "the end again");
    expect(connection.reports.at(-1)?.items).toEqual([
      { id: taskId("a"), attempt: 2, event: "succeeded" },
    ]);
    expect(runs).toBe(1);
  });

  it("from an older epoch is not taken", async () => {
    const server = await startServer();
    let runs = 0;
    const client = makeClient(server).handle("echo", () => void runs++);
    await client.start();
    const connection = await server.greeted();
    connection.send({ type: "batch", epoch: 0, seq: 1, tasks: [delivered("a")] });
    await rest();
    expect(connection.acks).toEqual([]);
    expect(runs).toBe(0);
  });
});

describe("an ack", () => {
  it("is not sent on a later connection than its batch", async () => {
    const server = await startServer();
    const slow = slowJournal();
    const client = makeClient(server, { journal: slow.journal }).handle("echo", () => {});
    await client.start();
    const first = await server.greeted();
    await until(() => client.stats.connection === "online", "the welcome");
    slow.hold();
    first.batch(1, [delivered("a")]);
    await until(() => client.stats.held === 1, "the batch");
    first.socket.terminate();
    await until(() => server.connections.length === 2, "the next connection");
    slow.release();
    await until(() => ends(server.items).length === 1, "the end");
    expect([...first.acks, ...server.connection.acks]).toEqual([]);
  });

  it("waits until the batch is durable", async () => {
    const server = await startServer();
    const slow = slowJournal();
    let runs = 0;
    const client = makeClient(server, { journal: slow.journal });
    await client.handle("echo", () => void runs++).start();
    const connection = await server.greeted();
    await until(() => client.stats.connection === "online", "the welcome");
    slow.hold();
    connection.batch(1, [delivered("a")]);
    await until(() => client.stats.held === 1, "the batch");
    await rest();
    expect(connection.acks).toEqual([]);
    expect(runs).toBe(0);
    slow.release();
    await until(() => connection.acks.length === 1, "the ack");
  });
});

describe("a server that turns the client away", () => {
  it("with 503 is left alone for as long as it asks", async () => {
    const server = await startServer({ refusal: { status: 503, retryAfterSeconds: 1 } });
    const client = makeClient(server);
    await client.start();
    await until(() => client.events.length === 1, "the refusal");
    server.manners.refusal = null;
    expect(client.events[0]).toMatchObject({ type: "disconnected", code: 503 });
    await server.greeted();
    const [refusedAt = 0, admittedAt = 0] = server.upgradesAt;
    expect(admittedAt - refusedAt).toBeGreaterThanOrEqual(1_000);
  });

  it("with a bye is left alone for as long as it asks", async () => {
    const server = await startServer();
    const client = makeClient(server);
    await client.start();
    const connection = await server.greeted();
    const reason = "deploy";
    connection.send({ type: "bye", code: 4503, reason, retryAfterMs: 200 });
    connection.socket.close(4503, reason);
    await until(() => client.events.some(({ type }) => type === "disconnected"), "the end");
    const lost = client.events.find((event) => event.type === "disconnected");
    expect(lost).toMatchObject({ code: 4503 });
    expect(lost?.type === "disconnected" && lost.retryInMs).toBeGreaterThanOrEqual(200);
    await server.greeted(2);
  });

  it("because another machine has its identity is not fought", async () => {
    const server = await startServer();
    const client = makeClient(server);
    await client.start();
    (await server.greeted()).socket.close(CLOSE_CODES.superseded);
    await until(() => client.stats.connection === "waiting", "the wait");
    const lost = client.events.at(-1);
    expect(lost?.type === "disconnected" && lost.retryInMs).toBeGreaterThanOrEqual(150);
  });

  it.each([
    [CLOSE_CODES.revoked, "revoked"],
    [CLOSE_CODES.unauthenticated, "unauthenticated"],
  ] as const)("for good (%i) is not asked again", async (code, reason) => {
    const server = await startServer();
    const client = makeClient(server);
    await client.start();
    (await server.greeted()).socket.close(code);
    expect(await client.ended).toBe(reason);
    await rest();
    expect(server.upgradesAt).toHaveLength(1);
  });

  it("with words that are no frame is hung up on with 4400", async () => {
    const server = await startServer();
    const client = makeClient(server);
    await client.start();
    const { socket } = await server.greeted();
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.send('{"type":"news"}');
    expect(await closed).toBe(CLOSE_CODES.protocol);
    await server.greeted(2);
  });

  it("by never saying welcome is given up", async () => {
    const server = await startServer({ welcomes: false });
    const client = makeClient(server, { tuning: { greetingTimeoutMs: 30 } });
    await client.start();
    await server.greeted(2);
    expect(client.events[0]).toMatchObject({ type: "disconnected", code: 0 });
  });
});

describe("a client's own limiter", () => {
  it("holds a batch without a token until there is one, and counts it", async () => {
    const server = await startServer();
    const client = makeClient(server, { limiter: { burst: 2, perSecond: 10 } });
    client.handle("echo", () => {});
    await client.start();
    const connection = await server.greeted();
    for (const seq of [1, 2, 3]) connection.batch(seq, deliveredMany(1, seq));
    await until(() => connection.acks.length === 3, "three acks");
    expect(client.stats).toMatchObject({ batches: 3, limiterTrips: 1 });
    expect(client.events.filter(({ type }) => type === "limiter_tripped")).toHaveLength(1);
    expect(connection.acks.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it("says in every ack what is left", async () => {
    const server = await startServer();
    const client = makeClient(server, { limiter: { burst: 5, perSecond: 0 }, slots: 8 });
    client.handle(
      "echo",
      (_, { signal }) =>
        new Promise((_, fail) => {
          signal.addEventListener("abort", fail);
        }),
    );
    await client.start();
    const connection = await server.greeted();
    connection.batch(1, deliveredMany(3));
    connection.batch(2, deliveredMany(2, 3));
    await until(() => connection.acks.length === 2, "two acks");
    expect(connection.acks.at(-1)?.capacity).toEqual({
      burst: 5,
      perSecond: 0,
      tokens: 3,
      slots: 3,
    });
  });

  it("counts tasks that wait for a token as taking slots", async () => {
    const server = await startServer();
    const client = makeClient(server, { limiter: { burst: 1, perSecond: 0 }, slots: 8 });
    client.handle("echo", () => {});
    await client.start();
    const connection = await server.greeted();
    connection.batch(1, [delivered("a")]);
    connection.batch(2, deliveredMany(5));
    await until(() => ends(server.items).length === 1, "the end");
    expect(connection.reports.at(-1)?.capacity).toMatchObject({ tokens: 0, slots: 3 });
  });

  it("is not asked about a batch that its connection did not outlive", async () => {
    const server = await startServer();
    const client = makeClient(server, { limiter: { burst: 1, perSecond: 0 } });
    client.handle("echo", () => {});
    await client.start();
    const connection = await server.greeted();
    connection.batch(1, [delivered("a")]);
    connection.batch(2, [delivered("b")]);
    await until(() => client.stats.limiterTrips === 1, "the trip");
    connection.socket.terminate();
    const second = await server.greeted(2);
    expect(second.hello?.running?.map(({ id }) => id)).not.toContain(taskId("b"));
    expect(second.hello?.capacity).toMatchObject({ tokens: 0 });
  });

  it("does not keep a cancel from tasks that wait for a token", async () => {
    const server = await startServer();
    const client = makeClient(server, { limiter: { burst: 1, perSecond: 10 } });
    const ran: string[] = [];
    client.handle("echo", (_, { task }) => void ran.push(task.id));
    await client.start();
    const connection = await server.greeted();
    connection.batch(1, [delivered("a")]);
    connection.batch(2, [delivered("b"), delivered("c")]);
    connection.send({ type: "cancel", ids: [taskId("b")] });
    await until(() => ends(server.items).length === 3, "three ends");
    expect(ends(server.items).toSorted()).toEqual(["a succeeded", "b cancelled", "c succeeded"]);
    expect(ran).toEqual([taskId("a"), taskId("c")]);
  });
});
