import { beforeEach, describe, expect, test } from "vitest";
import { GroupCommit, SOON_MS } from "../../../durable-objects/ledger/group-commit.ts";
import { COMMIT_GAP_MS } from "../../../durable-objects/ledger/rpc.ts";

let now: number;
let timers: { at: number; act: () => void }[];
let written: string[];
let isBroken: boolean;
let commits: GroupCommit<string, number>;

beforeEach(() => {
  now = 1_000;
  timers = [];
  written = [];
  isBroken = false;
  commits = new GroupCommit({
    now: () => now,
    later: (ms, act) => {
      const timer = { at: now + ms, act };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
    write: (changes) => {
      if (isBroken) throw new Error("broken");
      written.push([...changes].map(([key, value]) => `${key}${value}`).join(" "));
    },
  });
});

function pass(ms: number): void {
  now += ms;
  const due = timers.filter(({ at }) => at <= now);
  timers = timers.filter(({ at }) => at > now);
  for (const { act } of due) act();
}

/** Whether a promise has settled well by now. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  return settled;
}

describe("durable changes", () => {
  test("of an idle shard are written at once", async () => {
    commits.put([["a", 1]], "durable");
    expect(written).toEqual(["a1"]);
    await commits.stored(["a"]);
    expect(timers).toEqual([]);
  });

  test("that come within the gap are written together, of each key the newest", () => {
    for (const key of ["a", "b", "c", "b"]) commits.put([[key, timers.length + 1]], "durable");
    expect(written).toEqual(["a1"]);
    commits.put([["c", 7]], "durable");
    pass(COMMIT_GAP_MS);
    expect(written).toEqual(["a1", "b2 c7"]);
  });

  test("make whoever asks for their key wait for their write, and nobody else", async () => {
    commits.put([["a", 1]], "durable");
    commits.put([["b", 2]], "durable");
    expect(await isSettled(commits.stored(["a"]))).toBe(true);
    expect(await isSettled(commits.stored(["b"]))).toBe(false);
    expect(await isSettled(commits.storedAll())).toBe(false);
    const waiting = commits.stored(["b"]);
    pass(COMMIT_GAP_MS);
    await waiting;
    expect(written).toEqual(["a1", "b2"]);
  });

  test("that are made at once are written at once, in one row", async () => {
    commits.put(
      [
        ["a", 1],
        ["b", 2],
      ],
      "durable",
    );
    commits.put([], "durable");
    await commits.stored(["a", "b"]);
    expect(written).toEqual(["a1 b2"]);
    expect(timers).toEqual([]);
  });

  test("are not held up by a clock that was set back", () => {
    commits.put([["a", 1]], "durable");
    now -= 1_000_000;
    commits.put([["b", 2]], "durable");
    expect(written).toEqual(["a1", "b2"]);
  });
});

describe("changes to be written soon", () => {
  test("are written when their time is over, in one row", () => {
    commits.put([["a", 1]], "soon");
    pass(SOON_MS - 1);
    commits.put([["b", 2]], "soon");
    expect(written).toEqual([]);
    pass(1);
    expect(written).toEqual(["a1 b2"]);
    expect(timers).toEqual([]);
  });

  test("share the row of the next durable one, and leave no timer behind", () => {
    commits.put([["a", 1]], "soon");
    pass(5);
    commits.put([["b", 2]], "durable");
    expect(written).toEqual(["a1 b2"]);
    expect(timers).toEqual([]);
  });

  test("join a durable one that waits for its gap to be over", () => {
    commits.put([["a", 1]], "durable");
    commits.put([["b", 2]], "durable");
    commits.put([["c", 3]], "soon");
    pass(COMMIT_GAP_MS);
    expect(written).toEqual(["a1", "b2 c3"]);
    expect(timers).toEqual([]);
  });

  test("are written at once for somebody who asks for their key, and for nobody else", async () => {
    commits.put([["a", 1]], "soon");
    await commits.stored(["b"]);
    expect(written).toEqual([]);
    await commits.stored(["a"]);
    expect(written).toEqual(["a1"]);
  });

  test("are written at once for somebody who asks for everything", async () => {
    commits.put([["a", 1]], "soon");
    await commits.storedAll();
    expect(written).toEqual(["a1"]);
    await commits.storedAll();
    expect(written).toHaveLength(1);
  });
});

describe("a write that fails", () => {
  test("at once is thrown at who made the change", () => {
    isBroken = true;
    expect(() => commits.put([["a", 1]], "durable")).toThrow("broken");
  });

  test("later fails all who wait, and the next write is free of it", async () => {
    commits.put([["a", 1]], "durable");
    commits.put([["b", 2]], "durable");
    const waiting = commits.stored(["b"]);
    isBroken = true;
    pass(COMMIT_GAP_MS);
    await expect(waiting).rejects.toThrow("broken");
    isBroken = false;
    pass(COMMIT_GAP_MS);
    commits.put([["c", 3]], "durable");
    expect(written).toEqual(["a1", "c3"]);
  });

  test("with nobody waiting is nobody's error", () => {
    isBroken = true;
    commits.put([["a", 1]], "soon");
    expect(() => pass(SOON_MS)).not.toThrow();
    isBroken = false;
    pass(SOON_MS);
    expect(written).toEqual([]);
  });
});
