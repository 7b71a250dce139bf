import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { fileJournal, type JournalRecord } from "../../../packages/sdk/src/node.ts";
import { makeClient, startServer } from "./builders/clients.ts";
import { delivered, deliveredMany, ends, taskId } from "./builders/tasks.ts";
import { rest, until, type WireServer } from "./builders/wire-server.ts";

/** A folder that goes with the test. */
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "sluice-agent-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A journal file with these entries, as an earlier process left it. */
async function leave(path: string, records: readonly JournalRecord[]): Promise<void> {
  const journal = fileJournal(path);
  await journal.open();
  for (const record of records) journal.append(record);
  await journal.close();
}

const accepted = (...names: string[]): JournalRecord => ({
  type: "batch",
  position: { epoch: 4, seq: 9 },
  fresh: names.map((name) => delivered(name)),
  adopted: [],
});
const started = (name: string): JournalRecord => ({ type: "started", ids: [taskId(name)] });

describe("a client that starts on a journal", () => {
  it("runs what was accepted and never started, without being asked again", async () => {
    const path = join(folder(), "journal");
    await leave(path, [accepted("a", "b")]);
    const server = await startServer();
    const client = makeClient(server, { journal: fileJournal(path) }).handle("echo", () => {});
    await client.start();
    await until(() => ends(server.items).length === 2, "two ends");
    expect(server.connection.hello?.resume).toEqual({ epoch: 4, seq: 9 });
  });

  it("tells of a run that died before it runs it again", async () => {
    const path = join(folder(), "journal");
    await leave(path, [accepted("a"), started("a")]);
    const server = await startServer();
    const client = makeClient(server, { journal: fileJournal(path) }).handle("echo", () => {});
    await client.start();
    await until(() => ends(server.items).length === 1, "the end");
    expect(server.connection.hello?.running).toEqual([{ id: taskId("a"), attempt: 1 }]);
    expect(ends(server.items)).toEqual(["a succeeded"]);
  });

  it("lets the server call off a run that died", async () => {
    const path = join(folder(), "journal");
    await leave(path, [accepted("a"), started("a")]);
    const server = await startServer();
    let runs = 0;
    const journal = fileJournal(path);
    const client = makeClient(server, { journal, tuning: { rerunDelayMs: 40 } });
    await client.handle("echo", () => void runs++).start();
    (await server.greeted()).send({ type: "cancel", ids: [taskId("a")] });
    await until(() => ends(server.items).length === 1, "the end");
    await rest();
    expect(ends(server.items)).toEqual(["a cancelled"]);
    expect(runs).toBe(0);
  });

  it("gives up a task that killed it too often", async () => {
    const path = join(folder(), "journal");
    await leave(path, [accepted("a"), started("a"), started("a"), started("a")]);
    const server = await startServer();
    let runs = 0;
    const client = makeClient(server, { journal: fileJournal(path) });
    await client.handle("echo", () => void runs++).start();
    await until(() => ends(server.items).length === 1, "the end");
    expect(ends(server.items)).toEqual(["a failed:poisoned"]);
    expect(runs).toBe(0);
    expect(client.events).toContainEqual({ type: "task_poisoned", id: taskId("a"), kind: "echo" });
  });

  it("reports what an earlier process did not get answered, under its old number", async () => {
    const path = join(folder(), "journal");
    const end = { id: taskId("a"), attempt: 1, event: "succeeded" } as const;
    await leave(path, [
      accepted("a"),
      started("a"),
      { type: "items", at: 1, items: [end] },
      { type: "report", seq: 41, count: 1 },
    ]);
    const server = await startServer();
    await makeClient(server, { journal: fileJournal(path) }).start();
    await until(() => server.stored.has(41), "report 41");
    expect(server.items).toEqual([end]);
  });

  it("goes on with a task that a polite stop interrupted, and holds no crash against it", async () => {
    const path = join(folder(), "journal");
    const server = await startServer();
    const first = makeClient(server, {
      journal: fileJournal(path),
      tuning: { drainMs: 5, poisonAfter: 1 },
    });
    first.handle(
      "echo",
      (_, { signal }) =>
        new Promise((_, fail) => {
          signal.addEventListener("abort", fail);
        }),
    );
    await first.start();
    (await server.greeted()).batch(1, [delivered("a")]);
    await until(() => first.stats.running === 1, "the run");
    await first.stop();
    const second = makeClient(server, { journal: fileJournal(path), tuning: { poisonAfter: 1 } });
    await second.handle("echo", () => {}).start();
    await until(() => ends(server.items).length === 1, "the end");
    expect(ends(server.items)).toEqual(["a succeeded"]);
  });

  it("continues the numbers of a task's row parts", async () => {
    const path = join(folder(), "journal");
    const row = { id: taskId("a"), attempt: 1, event: "rows", part: 6, rows: [1] } as const;
    await leave(path, [accepted("a"), started("a"), { type: "items", at: 1, items: [row] }]);
    const server = await startServer();
    const client = makeClient(server, { journal: fileJournal(path) });
    await client.handle("echo", () => [2]).start();
    await until(() => ends(server.items).length === 1, "the end");
    const parts = server.items.filter((item) => item.event === "rows");
    expect(parts.map(({ part, rows }) => [part, rows])).toEqual([
      [6, [1]],
      [7, [2]],
    ]);
  });
});

describe("a process that is killed", () => {
  /** Starts the agent of `agent-process.ts` and restarts it whenever it dies. */
  function keepAlive(server: WireServer, path: string) {
    const agent = { process: null as ChildProcess | null, lives: 0, over: false };
    const start = () => {
      if (agent.over) return;
      agent.lives++;
      agent.process = spawn(
        process.execPath,
        [join(import.meta.dirname, "builders/agent-process.ts")],
        {
          stdio: ["ignore", "ignore", "inherit"],
          env: {
            ...process.env,
            AGENT_URL: server.url,
            AGENT_JOURNAL: join(path, "journal"),
            AGENT_EFFECTS: join(path, "effects"),
          },
        },
      );
      agent.process.on("exit", start);
    };
    start();
    onTestFinished(() => {
      agent.over = true;
      agent.process?.kill("SIGKILL");
    });
    return agent;
  }

  function effects(path: string): string[] {
    const file = join(path, "effects");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  it("again and again loses no task that it acknowledged, and repeats only what ran just then", async () => {
    const path = folder();
    const server = await startServer();
    const agent = keepAlive(server, path);
    const tasks = 600;
    const kills = 5;
    (await server.greeted()).batch(1, deliveredMany(tasks));
    await until(() => server.connection.acks.length === 1, "the ack");
    for (let kill = 1; kill <= kills; kill++) {
      const aim = Math.floor((tasks * kill) / (kills + 2));
      await until(() => effects(path).length >= aim, `effect ${aim}`);
      agent.process?.kill("SIGKILL");
      await until(() => agent.lives === kill + 1, `life ${kill + 1}`);
    }
    await until(() => new Set(ends(server.items)).size === tasks, "all ends");
    const done = effects(path);
    expect(new Set(done).size).toBe(tasks);
    const concurrency = 4;
    expect(done.length - tasks).toBeLessThanOrEqual(kills * concurrency);
  });

  it("by one of its tasks gives that task up, and does the others", async () => {
    const path = folder();
    const server = await startServer();
    const agent = keepAlive(server, path);
    (await server.greeted()).batch(1, [delivered("bad", { kind: "poison" }), delivered("good")]);
    await until(() => ends(server.items).length === 2, "two ends");
    expect(ends(server.items).toSorted()).toEqual(["bad failed:poisoned", "good succeeded"]);
    expect(effects(path).filter((id) => id === taskId("bad"))).toHaveLength(3);
    expect(agent.lives).toBe(4);
  });
});

describe("a journal that fails", () => {
  it("keeps the client from acknowledging, and ends it", async () => {
    const server = await startServer();
    const path = join(folder(), "journal");
    const sound = fileJournal(path);
    let broken = false;
    const journal = {
      ...sound,
      overgrown: false,
      open: () => sound.open(),
      append: sound.append.bind(sound),
      flush: () => sound.flush(),
      sync: () => (broken ? Promise.reject(new Error("no space left")) : sound.sync()),
      replace: sound.replace.bind(sound),
      close: () => sound.close(),
    };
    const client = makeClient(server, { journal }).handle("echo", () => {});
    await client.start();
    const connection = await server.greeted();
    await until(() => client.stats.connection === "online", "the welcome");
    broken = true;
    connection.batch(1, [delivered("a")]);
    expect(await client.ended).toBe("journal_failed");
    expect(connection.acks).toEqual([]);
  });
});
