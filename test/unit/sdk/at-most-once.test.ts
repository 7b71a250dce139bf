import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeliveredTask } from "@sluice/protocol";
import { describe, expect, it, onTestFinished } from "vitest";
import { holdings } from "../../../packages/sdk/src/client/holdings.ts";
import { snapshotRecords } from "../../../packages/sdk/src/journal/journal-state.ts";
import { fileJournal, type JournalRecord } from "../../../packages/sdk/src/node.ts";
import { makeClient, slowJournal, startServer } from "./builders/clients.ts";
import { replay } from "./builders/histories.ts";
import { delivered, ends, taskId } from "./builders/tasks.ts";
import { rest, until } from "./builders/wire-server.ts";

const once = (name: string) => delivered(name, { delivery: "at_most_once" });
const started = (name: string): JournalRecord => ({ type: "started", ids: [taskId(name)] });
const items = (...items: Extract<JournalRecord, { type: "items" }>["items"]): JournalRecord => {
  return { type: "items", at: 1, items };
};
const accepted = (...tasks: DeliveredTask[]): JournalRecord => {
  return { type: "batch", position: { epoch: 4, seq: 9 }, fresh: tasks, adopted: [] };
};

/** A journal file with these entries, as a process that died left it. */
async function leave(...records: readonly JournalRecord[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-once-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "journal");
  const journal = fileJournal(path);
  await journal.open();
  for (const record of records) journal.append(record);
  await journal.close();
  return path;
}

/** Starts a client on a journal and waits until nothing happens any more; answers what it ran. */
async function startOn(path: string) {
  const server = await startServer();
  const ran: string[] = [];
  const client = makeClient(server, { journal: fileJournal(path) });
  await client.handle("echo", (_, { task }) => void ran.push(task.id)).start();
  await until(() => client.stats.connection === "online", "the welcome");
  await rest();
  await client.stop();
  return { ran, server, running: server.connection.hello?.running };
}

describe("a task that must not begin twice and saw its process die", () => {
  it("is not run, not named at hello and forgotten", async () => {
    const path = await leave(accepted(once("a")), started("a"));
    const { ran, running, server } = await startOn(path);
    expect(ran).toEqual([]);
    expect(running).toEqual([]);
    expect(server.items).toEqual([]);
    expect((await startOn(path)).running).toEqual([]);
  });

  it("is run when it had not begun, and done if it had ended", async () => {
    const end = { id: taskId("done"), attempt: 1, event: "succeeded" } as const;
    const path = await leave(accepted(once("new"), once("done")), started("done"), items(end));
    const { ran, running, server } = await startOn(path);
    expect(ran).toEqual([taskId("new")]);
    const named = running?.map(({ id }) => id).toSorted();
    expect(named).toEqual([taskId("done"), taskId("new")]);
    expect(ends(server.items).toSorted()).toEqual(["done succeeded", "new succeeded"]);
  });

  it("leaves the rows that it had written, in the report that it had made of them", async () => {
    const row = { id: taskId("a"), attempt: 1, event: "rows", part: 0, rows: [1] } as const;
    const report: JournalRecord = { type: "report", seq: 7, count: 1 };
    const path = await leave(accepted(once("a")), started("a"), items(row), report);
    const { running, server } = await startOn(path);
    expect(running).toEqual([]);
    expect(server.stored.has(7)).toBe(true);
    expect(server.items).toEqual([row]);
  });

  it("does not take those with it that may run again", async () => {
    const path = await leave(accepted(once("a"), delivered("b")), started("a"), started("b"));
    const { ran, running } = await startOn(path);
    expect(running).toEqual([{ id: taskId("b"), attempt: 1 }]);
    expect(ran).toEqual([taskId("b")]);
  });
});

it("is still known for what it is after the journal was replaced by a snapshot", () => {
  const state = replay(snapshotRecords(replay([accepted(once("a")), started("a")])));
  expect(state.held.get(taskId("a"))).toMatchObject({ running: true, task: once("a") });
  expect(holdings(replay([accepted(once("a")), { type: "dropped", ids: [taskId("a")] }]))).toEqual(
    [],
  );
});

it("does not begin anew after a stop that broke it off", async () => {
  const path = await leave(accepted(once("a")));
  const server = await startServer();
  const first = makeClient(server, { journal: fileJournal(path), tuning: { drainMs: 5 } });
  first.handle("echo", (_, { signal }) => {
    return new Promise((_, fail) => signal.addEventListener("abort", fail));
  });
  await first.start();
  await until(() => first.stats.running === 1, "the run");
  await first.stop();
  expect(await startOn(path)).toMatchObject({ ran: [], running: [] });
});

it("begins only when its start would outlive a loss of power", async () => {
  const server = await startServer();
  const slow = slowJournal();
  const ran: string[] = [];
  let finish = () => {};
  const client = makeClient(server, { journal: slow.journal, concurrency: 1 });
  client.handle("echo", (_, { task }) => void ran.push(task.id));
  client.handle("wait", () => new Promise<void>((resolve) => (finish = resolve)));
  await client.start();
  const tasks = [delivered("first", { kind: "wait" }), once("strict")];
  (await server.greeted()).batch(1, tasks);
  await until(() => client.stats.running === 1, "the first run");
  slow.hold();
  finish();
  await rest();
  expect(ran).toEqual([]);
  slow.release();
  await until(() => ran.length === 1, "the run");
});
