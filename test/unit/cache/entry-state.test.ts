import { describe, expect, test } from "vitest";
import type { PublishedRecord } from "../../../durable-objects/registry/rpc.ts";
import {
  type CacheEntry,
  entryAfter,
  FAILED,
  type Reading,
  stateOf,
} from "../../../workers/cache/entry-state.ts";
import { STALENESS } from "../../../workers/cache/staleness.ts";
import { siteRecord, tombstone } from "./records.ts";

const START = 1_000_000;
const SECOND_MS = 1_000;

function reading(record: PublishedRecord): Reading {
  return { kind: "record", record, bytes: 100 };
}

function entryOf(record: PublishedRecord, readAtMs = START): CacheEntry {
  return entryAfter(undefined, reading(record), readAtMs, readAtMs);
}

describe("a record", () => {
  test.each([
    [0, "fresh"],
    [44, "fresh"],
    [45, "refresh"],
    [59, "refresh"],
    [60, "stale"],
    [599, "stale"],
    [600, "dead"],
    [86_400, "dead"],
    [-5, "fresh"],
  ] as const)("%i s after it was read is %s", (seconds, state) => {
    expect(stateOf(entryOf(siteRecord()), START + seconds * SECOND_MS)).toBe(state);
  });

  test("of which KV could not be asked lately serves without asking, but not beyond its bound", () => {
    const at = START + 100 * SECOND_MS;
    const held = entryAfter(entryOf(siteRecord()), FAILED, at, at);
    expect(stateOf(held, at)).toBe("fresh");
    expect(stateOf(held, at + STALENESS.retryMs - 1)).toBe("fresh");
    expect(stateOf(held, at + STALENESS.retryMs)).toBe("stale");
    const nearEnd = START + STALENESS.stalenessMs - 1;
    const last = entryAfter(held, FAILED, nearEnd, nearEnd);
    expect(stateOf(last, nearEnd)).toBe("fresh");
    expect(stateOf(last, nearEnd + 1)).toBe("dead");
  });
});

test("an absence is believed for ten seconds", () => {
  const absent = entryAfter(undefined, { kind: "absent" }, START, START);
  expect(absent.answer).toEqual({ ok: false, error: "unknown" });
  expect(stateOf(absent, START + 9_999)).toBe("fresh");
  expect(stateOf(absent, START + 10_000)).toBe("dead");
});

test("a failure with nothing held is answered unavailable, for a second", () => {
  const failed = entryAfter(undefined, FAILED, START - 2_000, START);
  expect(failed.answer).toEqual({ ok: false, error: "unavailable" });
  expect(stateOf(failed, START + 999)).toBe("fresh");
  expect(stateOf(failed, START + 1_000)).toBe("dead");
});

describe("after another read", () => {
  const held = entryOf(siteRecord({ version: 5 }));
  const at = START + 70 * SECOND_MS;

  test("a newer version takes its place", () => {
    const next = entryAfter(held, reading(siteRecord({ version: 6 })), at, at);
    expect(next).toMatchObject({ version: 6, readAtMs: at });
  });

  test("the same version is as young as the later of the reads", () => {
    const same = reading(siteRecord({ version: 5 }));
    expect(entryAfter(held, same, at, at).readAtMs).toBe(at);
    expect(entryAfter(held, same, START - 1, at).readAtMs).toBe(START);
  });

  test("a tombstone answers deleted, also when KV later shows the record again", () => {
    const gone = entryAfter(held, reading(tombstone(6)), at, at);
    expect(gone.answer).toEqual({ ok: false, error: "deleted" });
    const behind = entryAfter(gone, reading(siteRecord({ version: 5 })), at + 1, at + 1);
    expect(behind.answer).toEqual({ ok: false, error: "deleted" });
  });

  test.each([
    ["an older version", reading(siteRecord({ version: 4 }))],
    ["nothing", { kind: "absent" } as const],
    ["a failure", FAILED],
  ])("%s leaves what is held, and its age", (_, behind) => {
    const next = entryAfter(held, behind, at, at);
    expect(next).toMatchObject({ version: 5, readAtMs: START, answer: { ok: true } });
  });

  test.each([
    ["an older version", reading(siteRecord({ version: 4 })), { ok: true }],
    ["nothing", { kind: "absent" } as const, { ok: false, error: "unknown" }],
    ["a failure", FAILED, { ok: false, error: "unavailable" }],
  ])("%s counts when what is held is beyond its bound", (_, behind, answer) => {
    const late = START + STALENESS.stalenessMs;
    expect(entryAfter(held, behind, late, late).answer).toMatchObject(answer);
  });

  test("an absence or a failure is replaced by whatever comes", () => {
    for (const before of [{ kind: "absent" } as const, FAILED]) {
      const miss = entryAfter(undefined, before, START, START);
      expect(entryAfter(miss, reading(siteRecord()), at, at).answer.ok).toBe(true);
    }
  });
});
