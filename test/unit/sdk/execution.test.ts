import { LIMITS } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import {
  type CreateClientOptions,
  type TaskContext,
  TaskFailure,
  type TaskHandler,
} from "../../../packages/sdk/src/node.ts";
import { makeClient, startServer } from "./builders/clients.ts";
import { delivered, deliveredMany, ends, taskId } from "./builders/tasks.ts";
import { rest, until } from "./builders/wire-server.ts";

/** A connected client with one handler of the kind `echo`. */
async function connected(handler: TaskHandler, options: Partial<CreateClientOptions> = {}) {
  const server = await startServer();
  const client = makeClient(server, options);
  client.handle("echo", handler);
  await client.start();
  return { server, client, connection: await server.greeted() };
}

/** Rejects when the task is asked to stop, as a well-behaved handler does. */
function untilAborted({ signal }: TaskContext): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

describe("a handler", () => {
  it("may return its rows", async () => {
    const { server, connection } = await connected(async () => [{ n: 1 }, { n: 2 }]);
    connection.batch(1, [delivered("a")]);
    await until(() => ends(server.items).length === 1, "the end");
    expect(server.items.find((item) => item.event === "rows")).toMatchObject({
      part: 0,
      rows: [{ n: 1 }, { n: 2 }],
    });
  });

  it("that is quick has only its end reported", async () => {
    const { server, connection } = await connected(() => {});
    connection.batch(1, [delivered("a")]);
    await until(() => ends(server.items).length === 1, "the end");
    expect(server.items).toEqual([{ id: taskId("a"), attempt: 1, event: "succeeded" }]);
  });

  it("that is quick on a later attempt has its start reported, which voids earlier rows", async () => {
    const { server, connection } = await connected(() => {});
    connection.batch(1, [delivered("a", { attempt: 2 })]);
    await until(() => ends(server.items).length === 1, "the end");
    expect(server.items.map(({ event }) => event)).toEqual(["started", "succeeded"]);
  });

  it("that takes its time has its start and its progress reported", async () => {
    const { server, connection } = await connected(async (_, context) => {
      context.progress(0.1);
      context.progress(0.4, "halfway there");
      await rest(30);
      context.progress(7);
      await rest(30);
    });
    connection.batch(1, [delivered("a")]);
    await until(() => ends(server.items).length === 1, "the end");
    const id = taskId("a");
    expect(server.items).toEqual([
      { id, attempt: 1, event: "started" },
      { id, attempt: 1, event: "progress", done: 0.4, note: "halfway there" },
      { id, attempt: 1, event: "progress", done: 1 },
      { id, attempt: 1, event: "succeeded" },
    ]);
  });

  it("that throws fails its task with a bounded message", async () => {
    const { server, connection } = await connected(() => {
      throw new Error("x".repeat(10_000));
    });
    connection.batch(1, [delivered("a")]);
    await until(() => ends(server.items).length === 1, "the end");
    expect(server.items.at(-1)).toMatchObject({
      event: "failed",
      error: { code: "handler_error", message: "x".repeat(LIMITS.errorMessageCharacters) },
    });
  });

  it.each([
    ["a code of its own", () => new TaskFailure("no_such_file", "it is gone"), "no_such_file"],
    ["a code that the wire cannot carry", () => new TaskFailure("no\nway", "x"), "handler_error"],
    ["what is no error", () => 7, "handler_error"],
  ])("may throw %s", async (_, cause, code) => {
    const { server, connection } = await connected(async () => {
      throw cause();
    });
    connection.batch(1, [delivered("a")]);
    await until(() => ends(server.items).length === 1, "the end");
    expect(ends(server.items)).toEqual([`a failed:${code}`]);
  });

  it("that writes too large a row hears of it, and so does its task", async () => {
    const { server, connection } = await connected(async (_, context) => {
      await context.row("small");
      await context.row("x".repeat(300_000));
    });
    connection.batch(1, [delivered("a")]);
    await until(() => ends(server.items).length === 1, "the end");
    expect(ends(server.items)).toEqual(["a failed:row_too_large"]);
    expect(server.items.find((item) => item.event === "rows")).toMatchObject({ rows: ["small"] });
  });

  it("that writes much has its rows in numbered parts, complete and in order", async () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => ({ n, text: "ä".repeat(100) }));
    const { server, connection } = await connected(async (_, context) => {
      for (const row of rows) await context.row(row);
    });
    connection.batch(1, [delivered("a")]);
    await until(() => ends(server.items).length === 1, "the end");
    const parts = server.items.filter((item) => item.event === "rows");
    expect(parts.length).toBeGreaterThan(5);
    expect(parts.map(({ part }) => part)).toEqual(parts.map((_, index) => index));
    expect(parts.flatMap((part) => part.rows)).toEqual(rows);
  });

  it("is held up while the server does not answer, and goes on when it does", async () => {
    let written = 0;
    const { server, client, connection } = await connected(async (_, context) => {
      for (; written < 400; written++) await context.row("x".repeat(100_000));
    });
    server.manners.answersReports = false;
    connection.batch(1, [delivered("a")]);
    await until(() => client.stats.unanswered === 8, "a full window");
    await rest();
    const heldUpAt = written;
    expect(heldUpAt).toBeLessThan(200);
    await rest();
    expect(written).toBe(heldUpAt);
    server.manners.answersReports = true;
    for (const { seq } of connection.reports) connection.send({ type: "reported", seq });
    await until(() => ends(server.items).length === 1, "the end");
    expect(server.items.flatMap((item) => (item.event === "rows" ? item.rows : []))).toHaveLength(
      400,
    );
  });
});

describe("progress", () => {
  it("that cannot be sent yet gives way to later progress", async () => {
    let advance = (_: number) => {};
    const { server, client, connection } = await connected(
      (_, context) => {
        advance = (done) => context.progress(done);
        return untilAborted(context);
      },
      { tuning: { reportWindow: 1 } },
    );
    server.manners.answersReports = false;
    connection.batch(1, [delivered("a")]);
    await until(() => client.stats.unanswered === 1, "a full window");
    for (const done of [0.1, 0.2, 0.3]) {
      advance(done);
      await rest(10);
    }
    server.manners.answersReports = true;
    connection.send({ type: "reported", seq: connection.reports[0]?.seq ?? 0 });
    await until(() => server.stored.size === 1, "the next report");
    expect(connection.reports.at(-1)?.items).toMatchObject([{ event: "progress", done: 0.3 }]);
  });
});

describe("a task that cannot run", () => {
  it("for want of a handler fails", async () => {
    const { server, connection } = await connected(() => {});
    connection.batch(1, [delivered("a", { kind: "unheard.of" })]);
    await until(() => ends(server.items).length === 1, "the end");
    expect(ends(server.items)).toEqual(["a failed:unknown_kind"]);
  });

  it("because its deadline has passed fails, and is not run", async () => {
    let runs = 0;
    const { server, connection } = await connected(() => void runs++);
    const deadline = new Date(Date.now() - 1_000).toISOString();
    connection.batch(1, [delivered("a", { deadline }), delivered("b")]);
    await until(() => ends(server.items).length === 2, "two ends");
    expect(ends(server.items).toSorted()).toEqual(["a failed:deadline_exceeded", "b succeeded"]);
    expect(runs).toBe(1);
  });

  it("is judged by the server's clock where the machine's own is wrong", async () => {
    const clock = { now: () => Date.now() + 3_600_000, random: Math.random };
    const { server, connection } = await connected(() => {}, { clock });
    const deadline = new Date(Date.now() + 60_000).toISOString();
    connection.batch(1, [delivered("a", { deadline })]);
    await until(() => ends(server.items).length === 1, "the end");
    expect(ends(server.items)).toEqual(["a succeeded"]);
  });
});

describe("a task over its time", () => {
  it("is asked to stop and fails", async () => {
    const { server, connection } = await connected((_, context) => untilAborted(context));
    connection.batch(1, [delivered("a", { timeoutMs: 20 })]);
    await until(() => ends(server.items).length === 1, "the end");
    expect(ends(server.items)).toEqual(["a failed:timeout"]);
  });

  it("fails after its grace even if its handler never stops, and its slot is free again", async () => {
    let calls = 0;
    const handler = () => (calls++ === 0 ? new Promise(() => {}) : undefined);
    const { server, client, connection } = await connected(handler, { concurrency: 1 });
    connection.batch(1, [delivered("a", { timeoutMs: 20 }), delivered("b")]);
    await until(() => ends(server.items).length === 2, "two ends");
    expect(ends(server.items)).toEqual(["a failed:timeout", "b succeeded"]);
    expect(client.stats).toMatchObject({ abandoned: 1, running: 0 });
  });

  it("that still finishes within its grace has finished", async () => {
    const { server, connection } = await connected(async (_, { signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    });
    connection.batch(1, [delivered("a", { timeoutMs: 20 })]);
    await until(() => ends(server.items).length === 1, "the end");
    expect(ends(server.items)).toEqual(["a succeeded"]);
  });

  it("has what it writes after its end dropped", async () => {
    let late: TaskContext | undefined;
    const { server, connection } = await connected((_, context) => {
      late = context;
      return new Promise(() => {});
    });
    connection.batch(1, [delivered("a", { timeoutMs: 5 })]);
    await until(() => ends(server.items).length === 1, "the end");
    late?.rows(Array.from({ length: 3_000 }, () => "too late"));
    late?.progress(1);
    await rest();
    expect(server.items.map(({ event }) => event)).toEqual(["started", "failed"]);
  });
});

describe("a cancel", () => {
  it("ends a task at once that has not started", async () => {
    const { server, connection } = await connected((_, context) => untilAborted(context), {
      concurrency: 1,
    });
    connection.batch(1, [delivered("running"), delivered("waiting")]);
    await until(() => connection.acks.length === 1, "the ack");
    connection.send({ type: "cancel", ids: [taskId("waiting")] });
    await until(() => ends(server.items).length === 1, "the end");
    expect(ends(server.items)).toEqual(["waiting cancelled"]);
  });

  it("asks a running task to stop", async () => {
    const { server, connection } = await connected((_, context) => untilAborted(context));
    connection.batch(1, [delivered("a")]);
    await until(() => connection.items.length === 1, "the start");
    connection.send({ type: "cancel", ids: [taskId("a")] });
    await until(() => ends(server.items).length === 1, "the end");
    expect(ends(server.items)).toEqual(["a cancelled"]);
  });

  it("lets the work count that was finished all the same", async () => {
    let finish = () => {};
    const { server, connection } = await connected(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    connection.batch(1, [delivered("a")]);
    await until(() => connection.items.length === 1, "the start");
    connection.send({ type: "cancel", ids: [taskId("a")] });
    finish();
    await until(() => ends(server.items).length === 1, "the end");
    expect(ends(server.items)).toEqual(["a succeeded"]);
  });

  it("of a task that nobody holds changes nothing", async () => {
    const { server, connection } = await connected(() => {});
    connection.send({ type: "cancel", ids: [taskId("ghost")] });
    connection.batch(1, [delivered("a")]);
    await until(() => ends(server.items).length === 1, "the end");
    expect(ends(server.items)).toEqual(["a succeeded"]);
  });
});

describe("slots", () => {
  it("bound what runs at a time", async () => {
    let running = 0;
    let most = 0;
    const { server, connection } = await connected(
      async () => {
        most = Math.max(most, ++running);
        await rest(5);
        running--;
      },
      { concurrency: 3 },
    );
    connection.batch(1, deliveredMany(12));
    await until(() => ends(server.items).length === 12, "twelve ends");
    expect(most).toBe(3);
  });

  it("go to the highest priority first, and one more is kept for the urgent", async () => {
    const started: string[] = [];
    let finishFirst = () => {};
    const { server, connection } = await connected(
      (_, { task }) => {
        started.push(task.id.slice(3));
        if (started.length > 1) return undefined;
        return new Promise<void>((resolve) => {
          finishFirst = resolve;
        });
      },
      { concurrency: 1 },
    );
    connection.batch(1, [delivered("first")]);
    await until(() => started.length === 1, "the first");
    connection.batch(2, [
      delivered("low", { priority: 1 }),
      delivered("high-1", { priority: 8 }),
      delivered("high-2", { priority: 8 }),
      delivered("urgent", { priority: 9 }),
    ]);
    await until(() => started.length === 2, "the urgent one");
    finishFirst();
    await until(() => ends(server.items).length === 5, "all ends");
    expect(started).toEqual(["first", "urgent", "high-1", "high-2", "low"]);
  });
});

describe("stopping", () => {
  it("lets what runs finish and waits until its end is stored", async () => {
    const { server, client, connection } = await connected(() => rest(40), { concurrency: 1 });
    connection.batch(1, [delivered("running"), delivered("waiting")]);
    await until(() => client.stats.running === 1, "the run");
    await client.stop();
    expect(ends(server.items)).toEqual(["running succeeded"]);
    expect(await client.ended).toBe("stopped");
    expect(client.stats).toMatchObject({ held: 1, unanswered: 0 });
  });

  it("takes no further batch", async () => {
    const { server, client, connection } = await connected(() => rest(40));
    connection.batch(1, [delivered("a")]);
    await until(() => client.stats.running === 1, "the run");
    const stopping = client.stop();
    connection.batch(2, [delivered("b")]);
    await stopping;
    expect(connection.acks.map(({ seq }) => seq)).toEqual([1]);
    expect(connection.reports.at(-1)?.capacity).toMatchObject({ slots: 0 });
    expect(server.connections).toHaveLength(1);
  });

  it("does not wait for ever for a handler that will not", async () => {
    const { client, connection } = await connected(() => new Promise(() => {}), {
      tuning: { drainMs: 20, graceMs: 20 },
    });
    connection.batch(1, [delivered("a")]);
    await until(() => client.stats.running === 1, "the run");
    await client.stop();
    expect(client.stats).toMatchObject({ running: 0, held: 1, abandoned: 1 });
  });

  it("is harmless before the start, and twice", async () => {
    const client = makeClient(await startServer());
    await client.stop();
    await client.stop();
    expect(await client.ended).toBe("stopped");
  });
});
