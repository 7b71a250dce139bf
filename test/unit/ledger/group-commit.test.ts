import { beforeEach, describe, expect, test } from "vitest";
import { COMMIT_GAP_MS, GroupCommit } from "../../../durable-objects/ledger/group-commit.ts";

let now: number;
let timers: { at: number; act: () => void }[];
let written: number[][];
let isBroken: boolean;
let commits: GroupCommit<number>;

beforeEach(() => {
  now = 1_000;
  timers = [];
  written = [];
  isBroken = false;
  commits = new GroupCommit({
    now: () => now,
    later: (ms, act) => timers.push({ at: now + ms, act }),
    write: (changes) => {
      if (isBroken) throw new Error("broken");
      written.push([...changes]);
    },
  });
});

function pass(ms: number): void {
  now += ms;
  const due = timers.filter(({ at }) => at <= now);
  timers = timers.filter(({ at }) => at > now);
  for (const { act } of due) act();
}

describe("changes", () => {
  test("of an idle shard are written at once", async () => {
    commits.add(1);
    expect(written).toEqual([[1]]);
    await commits.committed();
    expect(timers).toEqual([]);
  });

  test("that come within the gap are written together, in their order", async () => {
    for (const change of [1, 2, 3, 4]) commits.add(change);
    expect(written).toEqual([[1]]);
    pass(COMMIT_GAP_MS);
    expect(written).toEqual([[1], [2, 3, 4]]);
    await commits.committed();
  });

  test("make whoever asks wait for their write, and nobody else", async () => {
    commits.add(1);
    await commits.committed();
    commits.add(2);
    let isCommitted = false;
    const waiting = commits.committed().then(() => {
      isCommitted = true;
    });
    await Promise.resolve();
    expect(isCommitted).toBe(false);
    pass(COMMIT_GAP_MS);
    await waiting;
    expect(written).toEqual([[1], [2]]);
  });

  test("are not held up by a clock that was set back", () => {
    commits.add(1);
    now -= 1_000_000;
    commits.add(2);
    expect(written).toEqual([[1], [2]]);
  });
});

describe("a write that fails", () => {
  test("at once is thrown at who made the change", () => {
    isBroken = true;
    expect(() => commits.add(1)).toThrow("broken");
  });

  test("later fails all who wait, and the next write is free of it", async () => {
    commits.add(1);
    commits.add(2);
    const waiting = commits.committed();
    isBroken = true;
    pass(COMMIT_GAP_MS);
    await expect(waiting).rejects.toThrow("broken");
    isBroken = false;
    pass(COMMIT_GAP_MS);
    commits.add(3);
    expect(written).toEqual([[1], [3]]);
  });
});
